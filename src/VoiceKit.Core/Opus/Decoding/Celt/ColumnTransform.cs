namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>
/// Eight inverse Fourier transforms at once, one in each lane, of 15, 30 or 60 points (part of RFC 6716 §4.3.7).
/// </summary>
/// <remarks>
/// 3, 5 and 1, 2 or 4 have no common factor. By the prime factor algorithm the transform is then one of three dimensions, and no
/// factors come between its passes: the point at 15 a + (M / 3) b + (M / 5) c, modulo the length M, is at row
/// (3 a + b) 5 + c before, and the result k is at the row of a = k mod (M / 15), b = k mod 3, c = k mod 5 afterwards.
/// </remarks>
internal static class ColumnTransform
{
    private const int LaneCount = 8;

    // Of turns by a third and by one and two fifths.
    private const float SineOfThird = 0.866025403784438647f;
    private const float CosineOfFifth = 0.309016994374947424f;
    private const float SineOfFifth = 0.951056516295153572f;
    private const float CosineOfTwoFifths = -0.809016994374947424f;
    private const float SineOfTwoFifths = 0.587785252292473129f;

    /// <summary>The row that each point of the input has to be at.</summary>
    public static byte[] InputRows(int length)
    {
        var rows = new byte[length];
        for (var row = 0; row < length; row++)
            rows[(15 * (row / 15) + length / 3 * (row / 5 % 3) + length / 5 * (row % 5)) % length] = (byte)row;
        return rows;
    }

    /// <summary>The row that each point of the result is at.</summary>
    public static byte[] OutputRows(int length)
    {
        var rows = new byte[length];
        for (var k = 0; k < length; k++)
            rows[k] = (byte)((3 * (k % (length / 15)) + k % 3) * 5 + k % 5);
        return rows;
    }

    /// <summary>Transforms in place.</summary>
    /// <param name="real">The real parts, rows of eight lanes.</param>
    /// <param name="imaginary">The imaginary parts.</param>
    public static void Inverse(Span<float> real, Span<float> imaginary)
    {
        for (var i = 0; i < real.Length; i += 5 * LaneCount)
            Fives(real.Slice(i, 5 * LaneCount), imaginary.Slice(i, 5 * LaneCount));
        for (var i = 0; i < real.Length; i += 15 * LaneCount)
            Threes(real.Slice(i, 15 * LaneCount), imaginary.Slice(i, 15 * LaneCount));
        if (real.Length == 60 * LaneCount)
            Fours(real[..(60 * LaneCount)], imaginary[..(60 * LaneCount)]);
        else if (real.Length == 30 * LaneCount)
            Twos(real[..(30 * LaneCount)], imaginary[..(30 * LaneCount)]);
    }

    private static void Fives(Span<float> real, Span<float> imaginary)
    {
        var x0 = ComplexLanes.Load(real, imaginary);
        var x1 = ComplexLanes.Load(real[8..], imaginary[8..]);
        var x2 = ComplexLanes.Load(real[16..], imaginary[16..]);
        var x3 = ComplexLanes.Load(real[24..], imaginary[24..]);
        var x4 = ComplexLanes.Load(real[32..], imaginary[32..]);
        var outerSum = x1 + x4;
        var outerDifference = x1 - x4;
        var innerSum = x2 + x3;
        var innerDifference = x2 - x3;
        (x0 + outerSum + innerSum).Store(real, imaginary);

        var even = x0 + outerSum * CosineOfFifth + innerSum * CosineOfTwoFifths;
        var odd = (outerDifference * SineOfFifth + innerDifference * SineOfTwoFifths).Turned();
        (even + odd).Store(real[8..], imaginary[8..]);
        (even - odd).Store(real[32..], imaginary[32..]);

        even = x0 + outerSum * CosineOfTwoFifths + innerSum * CosineOfFifth;
        odd = (outerDifference * SineOfTwoFifths - innerDifference * SineOfFifth).Turned();
        (even + odd).Store(real[16..], imaginary[16..]);
        (even - odd).Store(real[24..], imaginary[24..]);
    }

    private static void Threes(Span<float> real, Span<float> imaginary)
    {
        for (var i = 0; i < 5 * LaneCount; i += LaneCount)
        {
            var x0 = ComplexLanes.Load(real.Slice(i, 8), imaginary.Slice(i, 8));
            var x1 = ComplexLanes.Load(real.Slice(i + 40, 8), imaginary.Slice(i + 40, 8));
            var x2 = ComplexLanes.Load(real.Slice(i + 80, 8), imaginary.Slice(i + 80, 8));
            var sum = x1 + x2;
            var even = x0 - sum * 0.5f;
            var odd = ((x1 - x2) * SineOfThird).Turned();
            (x0 + sum).Store(real.Slice(i, 8), imaginary.Slice(i, 8));
            (even + odd).Store(real.Slice(i + 40, 8), imaginary.Slice(i + 40, 8));
            (even - odd).Store(real.Slice(i + 80, 8), imaginary.Slice(i + 80, 8));
        }
    }

    private static void Fours(Span<float> real, Span<float> imaginary)
    {
        for (var i = 0; i < 15 * LaneCount; i += LaneCount)
        {
            var x0 = ComplexLanes.Load(real.Slice(i, 8), imaginary.Slice(i, 8));
            var x1 = ComplexLanes.Load(real.Slice(i + 120, 8), imaginary.Slice(i + 120, 8));
            var x2 = ComplexLanes.Load(real.Slice(i + 240, 8), imaginary.Slice(i + 240, 8));
            var x3 = ComplexLanes.Load(real.Slice(i + 360, 8), imaginary.Slice(i + 360, 8));
            var evenSum = x0 + x2;
            var evenDifference = x0 - x2;
            var oddSum = x1 + x3;
            var oddDifference = (x1 - x3).Turned();
            (evenSum + oddSum).Store(real.Slice(i, 8), imaginary.Slice(i, 8));
            (evenDifference + oddDifference).Store(real.Slice(i + 120, 8), imaginary.Slice(i + 120, 8));
            (evenSum - oddSum).Store(real.Slice(i + 240, 8), imaginary.Slice(i + 240, 8));
            (evenDifference - oddDifference).Store(real.Slice(i + 360, 8), imaginary.Slice(i + 360, 8));
        }
    }

    private static void Twos(Span<float> real, Span<float> imaginary)
    {
        for (var i = 0; i < 15 * LaneCount; i += LaneCount)
        {
            var x0 = ComplexLanes.Load(real.Slice(i, 8), imaginary.Slice(i, 8));
            var x1 = ComplexLanes.Load(real.Slice(i + 120, 8), imaginary.Slice(i + 120, 8));
            (x0 + x1).Store(real.Slice(i, 8), imaginary.Slice(i, 8));
            (x0 - x1).Store(real.Slice(i + 120, 8), imaginary.Slice(i + 120, 8));
        }
    }
}
