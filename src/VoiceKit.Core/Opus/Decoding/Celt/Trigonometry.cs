namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>
/// Sines, cosines and powers of two from additions and multiplications alone: the same bits on every processor, which the
/// mathematical functions of the system do not promise.
/// </summary>
internal static class Trigonometry
{
    private const double HalfPi = Math.PI / 2;

    /// <summary>cos(x π / 2) in single precision.</summary>
    /// <param name="x">Quarters of a turn, from 0 to 1.</param>
    public static float CosineOfQuarters(float x) =>
        x <= 0.5f ? (float)CosineNearZero(x * HalfPi) : (float)SineNearZero((1.0 - x) * HalfPi);

    /// <summary>cos(2 π x) and sin(2 π x).</summary>
    /// <param name="x">Turns, from 0 to 1.</param>
    public static (double Cosine, double Sine) OfTurns(double x)
    {
        var quarters = x * 4;
        var nearest = (int)(quarters + 0.5);
        var angle = (quarters - nearest) * HalfPi;
        var cosine = CosineNearZero(angle);
        var sine = SineNearZero(angle);
        return (nearest & 3) switch
        {
            0 => (cosine, sine),
            1 => (-sine, cosine),
            2 => (-cosine, -sine),
            _ => (sine, -cosine),
        };
    }

    /// <summary>2^x in single precision.</summary>
    /// <param name="x">Any number up to 127; what is below -126 gives 0.</param>
    public static float PowerOfTwo(float x)
    {
        if (x < -126)
            return 0;
        var whole = (int)(x + 127.5f) - 127;
        var power = BitConverter.Int64BitsToDouble((long)(whole + 1023) << 52);
        return (float)(power * ExponentialNearZero((x - whole) * 0.69314718055994530942));
    }

    // Taylor series; the next term is below 1e-13 for |x| ≤ π / 4.
    private static double CosineNearZero(double x)
    {
        var y = x * x;
        return 1 + y * (-1.0 / 2 + y * (1.0 / 24 + y * (-1.0 / 720 + y * (1.0 / 40320 + y * (-1.0 / 3628800
            + y * (1.0 / 479001600))))));
    }

    private static double SineNearZero(double x)
    {
        var y = x * x;
        return x * (1 + y * (-1.0 / 6 + y * (1.0 / 120 + y * (-1.0 / 5040 + y * (1.0 / 362880 + y * (-1.0 / 39916800
            + y * (1.0 / 6227020800)))))));
    }

    // The next term is below 1e-11 for |x| ≤ ln(2) / 2.
    private static double ExponentialNearZero(double x) =>
        1 + x * (1 + x * (1.0 / 2 + x * (1.0 / 6 + x * (1.0 / 24 + x * (1.0 / 120 + x * (1.0 / 720
            + x * (1.0 / 5040 + x * (1.0 / 40320))))))));
}
