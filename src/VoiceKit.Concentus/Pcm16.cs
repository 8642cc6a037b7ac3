namespace VoiceKit.Concentus;

/// <summary>16-bit samples, in which Concentus computes, from and to floats: full scale is 1.</summary>
internal static class Pcm16
{
    private const float Scale = 32768;

    /// <summary>Rounds to the nearest; what is beyond ±1 is clipped, and what is no number is silence.</summary>
    public static void FromFloats(ReadOnlySpan<float> from, Span<short> to)
    {
        for (var i = 0; i < from.Length; i++)
        {
            var sample = Math.Clamp(MathF.Round(from[i] * Scale), short.MinValue, short.MaxValue);
            to[i] = float.IsNaN(sample) ? (short)0 : (short)sample;
        }
    }

    public static void ToFloats(ReadOnlySpan<short> from, Span<float> to)
    {
        for (var i = 0; i < from.Length; i++)
            to[i] = from[i] / Scale;
    }
}
