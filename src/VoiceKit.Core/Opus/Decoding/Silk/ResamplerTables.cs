namespace VoiceKit.Opus.Decoding.Silk;

/// <summary>The filters of the reference resampler (RFC 6716 §4.2.9 leaves the choice of a resampler to the decoder).</summary>
internal static class ResamplerTables
{
    /// <summary>Half of the interpolation filters at 1/24, 3/24 … 23/24 of a sample, in Q15; the other half is that of the
    /// mirrored fraction.</summary>
    public static ReadOnlySpan<short> Fractions =>
    [
        189, -600, 617, 30567,
        117, -159, -1070, 29704,
        52, 221, -2392, 28276,
        -4, 529, -3350, 26341,
        -48, 758, -3956, 23973,
        -80, 905, -4235, 21254,
        -99, 972, -4222, 18278,
        -107, 967, -3957, 15143,
        -103, 896, -3487, 11950,
        -91, 773, -2865, 8798,
        -71, 611, -2143, 5784,
        -46, 425, -1375, 2996,
    ];

    /// <summary>From 4 samples to 3: half filters for three fractions in Q16.</summary>
    public static ReadOnlySpan<short> Down3To4 =>
    [
        -49, 64, 17, -157, 353, -496, 163, 11047, 22205,
        -39, 6, 91, -170, 186, 23, -896, 6336, 19928,
        -19, -36, 102, -89, -24, 328, -951, 2568, 15909,
    ];

    /// <summary>From 3 samples to 2: half filters for two fractions in Q16.</summary>
    public static ReadOnlySpan<short> Down2To3 =>
    [
        64, 128, -122, 36, 310, -768, 584, 9267, 17733,
        12, 128, 18, -142, 288, -117, -865, 4123, 14459,
    ];

    /// <summary>From 2 samples to 1: half a symmetric filter in Q16.</summary>
    public static ReadOnlySpan<short> Down1To2 =>
    [
        -10, 39, 58, -46, -84, 120, 184, -315, -541, 1284, 5380, 9024,
    ];
}
