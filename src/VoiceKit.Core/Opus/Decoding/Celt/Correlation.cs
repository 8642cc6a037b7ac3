using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>
/// Sums for concealment (RFC 6716 §4.4) in the order of the reference decoder. A long prediction magnifies how its sums were
/// rounded, so another order would make audibly the same, but measurably another sound.
/// </summary>
internal static class Correlation
{
    /// <summary>Correlates a signal with another at lags from 0 on.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="other">The other signal, longer by as much as the longest lag.</param>
    /// <param name="result">Receives the correlation at each lag.</param>
    public static void Run(ReadOnlySpan<float> signal, ReadOnlySpan<float> other, Span<float> result)
    {
        var lag = 0;
        for (; lag <= result.Length - 4; lag += 4)
            Accumulate(signal, other[lag..], Vector128<float>.Zero).StoreTo(result.Slice(lag, 4));
        for (; lag < result.Length; lag++)
            result[lag] = Product(signal, other.Slice(lag, signal.Length));
    }

    /// <summary>
    /// Adds to four sums the products with a signal at four lags: those of even places and those of odd ones apart.
    /// </summary>
    /// <param name="factors">The factors.</param>
    /// <param name="signal">The signal, longer by 3 or more.</param>
    /// <param name="sums">The four sums so far.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Accumulate(ReadOnlySpan<float> factors, ReadOnlySpan<float> signal, Vector128<float> sums)
    {
        var odd = Vector128<float>.Zero;
        for (var i = 0; i < factors.Length; i += 2)
        {
            sums += Vector128.Create(signal.Slice(i, 4)) * factors[i];
            if (i + 1 < factors.Length)
                odd += Vector128.Create(signal.Slice(i + 1, 4)) * factors[i + 1];
        }

        return sums + odd;
    }

    /// <summary>The sum of products, in four parts.</summary>
    public static float Product(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var sums = Vector128<float>.Zero;
        while (left.Length >= 4 && right.Length >= 4)
        {
            sums += Vector128.Create(left) * Vector128.Create(right);
            left = left[4..];
            right = right[4..];
        }

        var sum = sums.GetElement(0) + sums.GetElement(2) + (sums.GetElement(1) + sums.GetElement(3));
        for (var i = 0; i < left.Length && i < right.Length; i++)
            sum += left[i] * right[i];
        return sum;
    }

    /// <summary>The sum of squares, one after another.</summary>
    public static float Energy(ReadOnlySpan<float> signal, float sum)
    {
        foreach (var sample in signal)
            sum += sample * sample;
        return sum;
    }
}
