using System.Runtime.Intrinsics;

namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>
/// Sums and products of vectors. Each has one order of operations, whatever the processor has, so that all give the same bits.
/// </summary>
internal static class VectorMath
{
    /// <summary>Multiplies a vector by a factor.</summary>
    public static void Scale(Span<float> vector, float factor)
    {
        var factors = Vector256.Create(factor);
        while (vector.Length >= 8)
        {
            (Vector256.Create<float>(vector) * factors).StoreTo(vector);
            vector = vector[8..];
        }

        if (vector.Length >= 4)
        {
            (Vector128.Create<float>(vector) * factors.GetLower()).StoreTo(vector);
            vector = vector[4..];
        }

        for (var i = 0; i < vector.Length; i++)
            vector[i] *= factor;
    }

    /// <summary>Copies a vector, multiplied by a factor.</summary>
    public static void Scale(ReadOnlySpan<float> vector, float factor, Span<float> result)
    {
        var factors = Vector256.Create(factor);
        while (vector.Length >= 8 && result.Length >= 8)
        {
            (Vector256.Create(vector) * factors).StoreTo(result);
            vector = vector[8..];
            result = result[8..];
        }

        for (var i = 0; i < vector.Length && i < result.Length; i++)
            result[i] = vector[i] * factor;
    }

    /// <summary>The sum of products.</summary>
    public static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var sums = Vector256<float>.Zero;
        var more = Vector256<float>.Zero;
        while (left.Length >= 16 && right.Length >= 16)
        {
            sums += Vector256.Create(left) * Vector256.Create(right);
            more += Vector256.Create(left[8..]) * Vector256.Create(right[8..]);
            left = left[16..];
            right = right[16..];
        }

        sums += more;
        if (left.Length >= 8 && right.Length >= 8)
        {
            sums += Vector256.Create(left) * Vector256.Create(right);
            left = left[8..];
            right = right[8..];
        }

        var halves = sums.GetLower() + sums.GetUpper();
        var quarters = halves + Vector128.Shuffle(halves, Vector128.Create(2, 3, 0, 1));
        var sum = quarters.GetElement(0) + quarters.GetElement(1);
        for (var i = 0; i < left.Length && i < right.Length; i++)
            sum += left[i] * right[i];
        return sum;
    }

    /// <summary>Scales a vector to a length; a vector without any stays so.</summary>
    public static void Normalize(Span<float> vector, float length)
    {
        const float Tiny = 1e-15f;
        var energy = Tiny + Dot(vector, vector);
        Scale(vector, 1 / MathF.Sqrt(energy) * length);
    }
}
