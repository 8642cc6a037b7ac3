using VoiceKit.Audio;

namespace VoiceKit.Cli;

/// <summary>The sample rates and packet durations of Opus (RFC 6716 §2.1).</summary>
internal static class OpusRates
{
    /// <summary>The rate in which Opus counts time, in Hz.</summary>
    public const int Full = 48_000;

    /// <summary>Whether Opus encodes from and decodes to a rate directly.</summary>
    public static bool IsSupported(int sampleRate) => sampleRate is 8000 or 12_000 or 16_000 or 24_000 or Full;

    /// <summary>Whether a packet can have a duration.</summary>
    public static bool IsPacketDuration(TimeSpan duration) =>
        duration.TotalMilliseconds is 2.5 or 5 or 10 or 20 or 40 or 60 or 80 or 100 or 120;

    /// <summary>How many samples at the full rate a time lasts, rounded to the nearest.</summary>
    public static long ToSamples(TimeSpan time) => (long)Math.Round(time.TotalSeconds * Full);

    /// <summary>How long a number of samples at the full rate lasts.</summary>
    public static TimeSpan ToTime(long samples) => new AudioFormat(Full, 1).DurationOf(samples);
}
