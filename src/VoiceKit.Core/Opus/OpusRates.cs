namespace VoiceKit.Opus;

/// <summary>The sample rates and packet durations of Opus (RFC 6716 §2.1).</summary>
internal static class OpusRates
{
    /// <summary>The rate in which Ogg Opus counts time (RFC 7845 §4), in Hz.</summary>
    public const int Full = 48_000;

    /// <summary>Whether Opus encodes from and decodes to a rate directly: 8000, 12000, 16000, 24000 and 48000 Hz.</summary>
    /// <param name="sampleRate">A rate in Hz.</param>
    public static bool IsSupported(int sampleRate) => sampleRate is 8000 or 12000 or 16000 or 24000 or Full;

    /// <summary>Whether a packet can have a duration: 2.5, 5, 10, 20, 40, 60, 80, 100 and 120 ms.</summary>
    /// <param name="duration">A duration.</param>
    public static bool IsPacketDuration(TimeSpan duration) =>
        duration.Ticks is 25_000 or 50_000 or 100_000 or 200_000 or 400_000 or 600_000 or 800_000 or 1_000_000 or 1_200_000;

    /// <summary>How long a number of samples at 48 kHz lasts, rounded down to 100 ns.</summary>
    internal static TimeSpan ToTime(long samples) => TimeSpan.FromTicks((long)((Int128)samples * TimeSpan.TicksPerSecond / Full));

    /// <summary>How many samples at 48 kHz a time lasts, rounded to the nearest.</summary>
    internal static long ToSamples(TimeSpan time) =>
        (long)(((Int128)time.Ticks * Full + TimeSpan.TicksPerSecond / 2) / TimeSpan.TicksPerSecond);
}
