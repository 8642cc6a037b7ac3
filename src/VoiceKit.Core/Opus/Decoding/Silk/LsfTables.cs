namespace VoiceKit.Opus.Decoding.Silk;

/// <summary>The tables of line spectral frequencies that all bandwidths share (RFC 6716 §4.2.7.5).</summary>
internal static class LsfTables
{
    /// <summary>How far a stage 2 index lies outside of −4 to 4 (table 19).</summary>
    public static ReadOnlySpan<byte> IndexExtension => [100, 40, 16, 7, 3, 1, 0];

    /// <summary>The interpolation index, in quarters (table 26).</summary>
    public static ReadOnlySpan<byte> InterpolationIndex => [243, 221, 192, 181, 0];

    /// <summary>Where each coefficient goes before the polynomials are made, in narrowband and mediumband (table
    /// 27).</summary>
    public static ReadOnlySpan<byte> NarrowOrdering => [0, 9, 6, 3, 4, 5, 8, 1, 2, 7];

    /// <summary>Where each coefficient goes before the polynomials are made, in wideband (table 27).</summary>
    public static ReadOnlySpan<byte> WideOrdering => [0, 15, 8, 7, 4, 11, 12, 3, 2, 13, 10, 5, 6, 9, 14, 1];

    /// <summary>2 cos(πi/128) in Q12 (table 28).</summary>
    public static ReadOnlySpan<short> Cosine =>
    [
        8192, 8190, 8182, 8170, 8152, 8130, 8104, 8072, 8034, 7994, 7946, 7896, 7840, 7778, 7714, 7644,
        7568, 7490, 7406, 7318, 7226, 7128, 7026, 6922, 6812, 6698, 6580, 6458, 6332, 6204, 6070, 5934,
        5792, 5648, 5502, 5352, 5198, 5040, 4880, 4718, 4552, 4382, 4212, 4038, 3862, 3684, 3502, 3320,
        3136, 2948, 2760, 2570, 2378, 2186, 1990, 1794, 1598, 1400, 1202, 1002, 802, 602, 402, 202,
        0, -202, -402, -602, -802, -1002, -1202, -1400, -1598, -1794, -1990, -2186, -2378, -2570, -2760, -2948,
        -3136, -3320, -3502, -3684, -3862, -4038, -4212, -4382, -4552, -4718, -4880, -5040, -5198, -5352, -5502, -5648,
        -5792, -5934, -6070, -6204, -6332, -6458, -6580, -6698, -6812, -6922, -7026, -7128, -7226, -7318, -7406, -7490,
        -7568, -7644, -7714, -7778, -7840, -7896, -7946, -7994, -8034, -8072, -8104, -8130, -8152, -8170, -8182, -8190,
        -8192,
    ];
}
