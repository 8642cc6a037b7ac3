using System.Numerics;

namespace VoiceKit.Opus.Decoding.Silk;

/// <summary>
/// The integer arithmetic in which RFC 6716 defines SILK: numbers in "Qn" are integers that stand for n binary places. Sums wrap
/// around as 32-bit integers do; what the RFC saturates is saturated here.
/// </summary>
internal static class FixedPoint
{
    /// <summary>The product of a number and one in Q16, rounded down.</summary>
    public static int MultiplyQ16(int value, int factor) => (int)((long)value * factor >> 16);

    /// <summary>The upper half of a product.</summary>
    public static int MultiplyHigh(int left, int right) => (int)((long)left * right >> 32);

    /// <summary>A number divided by 2^<paramref name="bits"/> and rounded to the nearest, halves up.</summary>
    public static int RoundShift(int value, int bits) => (value >> bits - 1) + 1 >> 1;

    /// <summary>A number divided by 2^<paramref name="bits"/> and rounded to the nearest, halves up.</summary>
    public static long RoundShift(long value, int bits) => (value >> bits - 1) + 1 >> 1;

    public static int Saturate16(int value) => Math.Min(Math.Max(value, short.MinValue), short.MaxValue);

    public static int SubtractSaturated(int left, int right) =>
        (int)Math.Min(Math.Max((long)left - right, int.MinValue), int.MaxValue);

    public static int ShiftLeftSaturated(int value, int bits) =>
        Math.Min(Math.Max(value, int.MinValue >> bits), int.MaxValue >> bits) << bits;

    /// <summary>
    /// A ratio in Q<paramref name="places"/>, to about 30 bits: a quotient of 14 bits and one step of refinement.
    /// </summary>
    public static int Divide(int dividend, int divisor, int places)
    {
        var dividendRoom = LeadingZeros(Magnitude(dividend)) - 1;
        var rest = dividend << dividendRoom;
        var divisorRoom = LeadingZeros(Magnitude(divisor)) - 1;
        var scaled = divisor << divisorRoom;
        var inverse = (int.MaxValue >> 2) / (scaled >> 16);

        var quotient = MultiplyQ16(rest, (short)inverse);
        rest -= MultiplyHigh(scaled, quotient) << 3;
        quotient += MultiplyQ16(rest, (short)inverse);
        return ShiftBack(quotient, 29 + dividendRoom - divisorRoom - places);
    }

    /// <summary>1/<paramref name="divisor"/> in Q<paramref name="places"/>, to about 30 bits.</summary>
    public static int Invert(int divisor, int places)
    {
        var room = LeadingZeros(Magnitude(divisor)) - 1;
        var scaled = divisor << room;
        var inverse = (int.MaxValue >> 2) / (scaled >> 16);

        var error = (1 << 29) - MultiplyQ16(scaled, (short)inverse) << 3;
        var quotient = (inverse << 16) + MultiplyQ16(error, inverse);
        return ShiftBack(quotient, 61 - room - places);
    }

    /// <summary>The square root, to 2.5 % (10 % for results below 120).</summary>
    public static int SquareRoot(int value)
    {
        if (value <= 0)
            return 0;
        var zeros = LeadingZeros(value);
        var fraction = (int)BitOperations.RotateRight((uint)value, 24 - zeros) & 0x7F;
        var root = ((zeros & 1) != 0 ? 32_768 : 46_214) >> (zeros >> 1);
        return root + MultiplyQ16(root, (short)(213 * fraction));
    }

    /// <summary>2 to the power of a number in Q7 below 31 (RFC 6716 §4.2.7.4).</summary>
    public static int PowerOf2(int exponent)
    {
        var whole = 1 << (exponent >> 7);
        var fraction = exponent & 0x7F;
        var curve = fraction + MultiplyQ16(fraction * (128 - fraction), -174);
        return exponent < 16 << 7 ? whole + (whole * curve >> 7) : whole + (whole >> 7) * curve;
    }

    /// <summary>The sum of squares of 16-bit samples, divided by 2^<paramref name="shift"/> to leave two bits of room.</summary>
    public static int Energy(ReadOnlySpan<int> samples, out int shift)
    {
        // A first sum, as small as it can be and rounded up, tells how far to shift the second.
        var bits = 31 - LeadingZeros(samples.Length);
        var first = SumOfSquares(samples, bits, samples.Length);
        shift = Math.Max(0, bits + 3 - LeadingZeros(first));
        return SumOfSquares(samples, shift, 0);
    }

    /// <summary>The magnitude of a number; that of the least number wraps around to itself.</summary>
    public static int Magnitude(int value) => value < 0 ? -value : value;

    public static int LeadingZeros(int value) => BitOperations.LeadingZeroCount((uint)value);

    private static int SumOfSquares(ReadOnlySpan<int> samples, int shift, int start)
    {
        var sum = (uint)start;
        for (var i = 0; i + 1 < samples.Length; i += 2)
            sum += (uint)(samples[i] * samples[i]) + (uint)(samples[i + 1] * samples[i + 1]) >> shift;
        if ((samples.Length & 1) != 0)
            sum += (uint)(samples[^1] * samples[^1]) >> shift;
        return (int)sum;
    }

    private static int ShiftBack(int value, int bits) => bits switch
    {
        <= 0 => ShiftLeftSaturated(value, -bits),
        < 32 => value >> bits,
        _ => 0,
    };
}
