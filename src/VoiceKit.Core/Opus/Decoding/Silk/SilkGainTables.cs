namespace VoiceKit.Opus.Decoding.Silk;

/// <summary>The tables of the subframe gains (RFC 6716 §4.2.7.4).</summary>
internal static class SilkGainTables
{
    /// <summary>The upper three bits of a gain by signal type: inactive, unvoiced, voiced (table 11).</summary>
    public static ReadOnlySpan<byte> IndependentHigh =>
    [
        224, 112, 44, 15, 3, 2, 1, 0,
        254, 237, 192, 132, 70, 23, 4, 0,
        255, 252, 226, 155, 61, 11, 2, 0,
    ];

    /// <summary>The lower three bits of a gain (table 12).</summary>
    public static ReadOnlySpan<byte> IndependentLow => [224, 192, 160, 128, 96, 64, 32, 0];

    /// <summary>The change of a gain (table 13).</summary>
    public static ReadOnlySpan<byte> Delta =>
    [
        250, 245, 234, 203, 71, 50, 42, 38, 35, 33, 31, 29, 28, 27, 26, 25, 24, 23, 22, 21,
        20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1,
        0,
    ];
}
