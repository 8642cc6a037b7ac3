using VoiceKit.Audio;

namespace VoiceKit.Importing;

/// <summary>Tells sound that was misread: what comes out is all but silent, and what went in is not.</summary>
internal static class SilenceCheck
{
    // −72 dBFS: the noise of a silent room is above it, and a sample whose bytes were taken for others is below.
    private const float Silent = 1f / 4096;

    private const int LookSize = 256 * 1024;
    private const int LeastSize = 4096;

    // In bits for each byte. Silence, with its dither, has less than four; speech and all that is compressed have more than five.
    private const double LeastEntropy = 4.5;

    /// <summary>Whether a peak is that of silence, while the file is not.</summary>
    /// <param name="peak">The greatest magnitude that was decoded.</param>
    /// <param name="source">The file.</param>
    public static bool IsMisread(double peak, ImportSource source)
    {
        if (peak >= Silent)
            return false;
        using var stream = source.Open();
        var bytes = new byte[(int)Math.Min(LookSize, stream.Length)];
        stream.Position = (stream.Length - bytes.Length) / 2;
        return EntropyOf(bytes.AsSpan(0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false))) > LeastEntropy;
    }

    /// <summary>The greatest magnitude of samples; what is no number counts as none.</summary>
    public static float PeakOf(ReadOnlySpan<float> samples)
    {
        var peak = 0f;
        foreach (var sample in samples)
            peak = Math.Max(peak, Math.Abs(SampleCleaner.Clean(sample)));
        return peak;
    }

    private static double EntropyOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < LeastSize)
            return 0;
        Span<int> counts = stackalloc int[256];
        foreach (var value in bytes)
            counts[value]++;
        var entropy = 0.0;
        foreach (var count in counts)
            entropy -= count == 0 ? 0 : (double)count / bytes.Length * Math.Log2((double)count / bytes.Length);
        return entropy;
    }
}
