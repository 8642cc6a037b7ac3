namespace VoiceKit.Opus.Decoding;

/// <summary>The output gain (RFC 7845 §5.1), computed without functions whose last bits differ between systems.</summary>
internal static class OutputGain
{
    private const float LogPerStep = 6.48814081e-4f; // log2(10) / (20 × 256)
    private const double Log2 = 0.6931471805599453;
    private const int Terms = 20;

    /// <summary>The factor of a gain.</summary>
    /// <param name="gain">In 1/256 dB.</param>
    public static float Factor(short gain)
    {
        var exponent = LogPerStep * gain;
        var whole = (int)exponent - (exponent < 0 ? 1 : 0);
        var power = (exponent - whole) * Log2;
        var term = 1.0;
        var sum = 1.0;
        for (var i = 1; i < Terms; i++)
        {
            term = term * power / i;
            sum += term;
        }

        for (; whole > 0; whole--)
            sum *= 2;
        for (; whole < 0; whole++)
            sum /= 2;
        return (float)sum;
    }

    /// <summary>Applies a factor.</summary>
    public static void Apply(float factor, Span<float> pcm)
    {
        foreach (ref var sample in pcm)
            sample *= factor;
    }
}
