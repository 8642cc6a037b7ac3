namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>Denormalization (RFC 6716 §4.3.6): each band's shape times its energy.</summary>
internal static class Denormalization
{
    /// <summary>The most that an energy can be; what is above comes of damaged data.</summary>
    private const float MaxLog = 32;

    /// <summary>Makes the bins of one channel.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="shape">The shapes of all bands, each of unit length.</param>
    /// <param name="energies">The energies of all bands.</param>
    /// <param name="bound">Where the output's bandwidth ends; bins from there on are zero.</param>
    /// <param name="bins">Receives the bins.</param>
    public static void Apply(
        CeltFrame frame, ReadOnlySpan<float> shape, ReadOnlySpan<float> energies, int bound, Span<float> bins)
    {
        bins[..frame.Edge(frame.StartBand)].Clear();
        for (var band = frame.StartBand; band < frame.EndBand; band++)
        {
            var start = frame.Edge(band);
            var width = frame.Edge(band + 1) - start;
            var gain = Gain(band, energies[band]);
            VectorMath.Scale(shape.Slice(start, width), gain, bins.Slice(start, width));
        }

        bins[Math.Min(bound, frame.Edge(frame.EndBand))..].Clear();
    }

    /// <summary>The factor of a band, of its energy.</summary>
    public static float Gain(int band, float energy) => Trigonometry.PowerOfTwo(Math.Min(MaxLog, energy + Means[band]));

    /// <summary>The reference decoder's eMeans: the mean of each band's energy.</summary>
    private static ReadOnlySpan<float> Means =>
    [
        6.4375f, 6.25f, 5.75f, 5.3125f, 5.0625f, 4.8125f, 4.5f, 4.375f, 4.875f, 4.6875f, 4.5625f,
        4.4375f, 4.875f, 4.625f, 4.3125f, 4.5f, 4.375f, 4.625f, 4.75f, 4.4375f, 3.75f,
    ];
}
