using System.Runtime.Intrinsics;

namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>
/// Spreading (RFC 6716 §4.3.4.3): rotations of neighbouring bins that turn few pulses into something less tonal.
/// </summary>
internal static class Spreading
{
    /// <summary>From this length on a chain of rotations is done four at once.</summary>
    private const int LongChain = 12;

    /// <summary>The spread that rotates nothing.</summary>
    public const int None = 0;

    /// <summary>The spread that rotates most (table 59).</summary>
    public const int Aggressive = 3;

    /// <summary>Table 59: the RFC's f_r by spread; 0 has none.</summary>
    private static ReadOnlySpan<byte> Factors => [0, 15, 10, 5];

    /// <summary>Spreads a decoded vector.</summary>
    /// <param name="vector">The vector, its time blocks one after another.</param>
    /// <param name="blocks">The time blocks in it.</param>
    /// <param name="pulses">The pulses in it.</param>
    /// <param name="spread">The frame's spread.</param>
    public static void Apply(Span<float> vector, int blocks, int pulses, int spread)
    {
        var length = vector.Length;
        if (2 * pulses >= length || spread == None)
            return;

        var gain = (float)length / (length + Factors[spread] * pulses);
        var turns = 0.5f * (gain * gain);
        var cosine = Trigonometry.CosineOfQuarters(turns);
        var sine = Trigonometry.CosineOfQuarters(1 - turns);
        var stride = length >= 8 * blocks ? Stride(length, blocks) : 0;
        var blockLength = length / blocks;
        for (var block = 0; block < blocks; block++)
        {
            var samples = vector.Slice(block * blockLength, blockLength);
            if (stride > 0)
                RotateApart(samples, stride, sine, cosine);
            RotateNeighbours(samples, cosine, sine);
        }
    }

    /// <summary>The square root of a block's length, rounded.</summary>
    private static int Stride(int length, int blocks)
    {
        var stride = 1;
        while ((stride * stride + stride) * blocks + (blocks >> 2) < length)
            stride++;
        return stride;
    }

    /// <summary>Rotates x[i] with x[i + stride], forth and back. As many rotations as the stride are independent.</summary>
    private static void RotateApart(Span<float> x, int stride, float cosine, float sine)
    {
        var count = x.Length - stride;
        if (stride < 4)
        {
            for (var i = 0; i < count; i++)
                Rotate(ref x[i], ref x[i + stride], cosine, sine);
            for (var i = count - stride - 1; i >= 0; i--)
                Rotate(ref x[i], ref x[i + stride], cosine, sine);
            return;
        }

        RotateForth(x, stride, count, cosine, sine);
        RotateBack(x, stride, count - stride, cosine, sine);
    }

    private static void RotateForth(Span<float> x, int stride, int count, float cosine, float sine)
    {
        var i = 0;
        for (; i <= count - 4; i += 4)
            Rotate(x.Slice(i, 4), x.Slice(i + stride, 4), cosine, sine);
        for (; i < count; i++)
            Rotate(ref x[i], ref x[i + stride], cosine, sine);
    }

    private static void RotateBack(Span<float> x, int stride, int count, float cosine, float sine)
    {
        var i = count;
        for (; i >= 4; i -= 4)
            Rotate(x.Slice(i - 4, 4), x.Slice(i - 4 + stride, 4), cosine, sine);
        for (i--; i >= 0; i--)
            Rotate(ref x[i], ref x[i + stride], cosine, sine);
    }

    private static void Rotate(ref float first, ref float second, float cosine, float sine)
    {
        var x = first;
        var y = second;
        second = cosine * y + sine * x;
        first = cosine * x - sine * y;
    }

    private static void Rotate(Span<float> first, Span<float> second, float cosine, float sine)
    {
        var x = Vector128.Create<float>(first);
        var y = Vector128.Create<float>(second);
        (y * cosine + x * sine).StoreTo(second);
        (x * cosine - y * sine).StoreTo(first);
    }

    /// <summary>Rotates each bin with the next, forth and back.</summary>
    private static void RotateNeighbours(Span<float> x, float cosine, float sine)
    {
        if (x.Length >= LongChain)
        {
            RotateChainForth(x, cosine, sine);
            RotateChainBack(x, cosine, sine);
            return;
        }

        for (var i = 0; i < x.Length - 1; i++)
            Rotate(ref x[i], ref x[i + 1], cosine, sine);
        for (var i = x.Length - 3; i >= 0; i--)
            Rotate(ref x[i], ref x[i + 1], cosine, sine);
    }

    /// <summary>
    /// What one rotation leaves for the next is a recursive filter of first order, a[i + 1] = cos x[i + 1] + sin a[i]; four of
    /// its steps are done at once.
    /// </summary>
    private static void RotateChainForth(Span<float> x, float cosine, float sine)
    {
        var filter = new FirstOrderFilter(sine);
        var carried = x[0];
        var i = 0;
        for (; i < x.Length - 4; i += 4)
        {
            var next = Vector128.Create<float>(x.Slice(i + 1, 4));
            var results = filter.Run(next * cosine, Vector128.Create(carried));
            var previous = Lanes.Delay(results, carried);
            (previous * cosine - next * sine).StoreTo(x.Slice(i, 4));
            carried = results.GetElement(3);
        }

        for (; i < x.Length - 1; i++)
        {
            var next = x[i + 1];
            x[i] = cosine * carried - sine * next;
            carried = cosine * next + sine * carried;
        }

        x[i] = carried;
    }

    private static void RotateChainBack(Span<float> x, float cosine, float sine)
    {
        var filter = new FirstOrderFilter(-sine);
        var i = x.Length - 3;
        var carried = x[i + 1];
        for (; i >= 3; i -= 4)
        {
            var next = Lanes.Reverse(Vector128.Create<float>(x.Slice(i - 3, 4)));
            var results = filter.Run(next * cosine, Vector128.Create(carried));
            var previous = Lanes.Delay(results, carried);
            Lanes.Reverse(previous * cosine + next * sine).StoreTo(x.Slice(i - 2, 4));
            carried = results.GetElement(3);
        }

        for (; i >= 0; i--)
        {
            var next = x[i];
            x[i + 1] = cosine * carried + sine * next;
            carried = cosine * next - sine * carried;
        }

        x[0] = carried;
    }
}
