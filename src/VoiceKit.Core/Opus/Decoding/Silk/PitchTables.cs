namespace VoiceKit.Opus.Decoding.Silk;

/// <summary>The tables of the pitch lags (RFC 6716 §4.2.7.6.1).</summary>
internal static class PitchTables
{
    /// <summary>The high part of the primary pitch lag (table 29).</summary>
    public static ReadOnlySpan<byte> LagHigh =>
    [
        253, 250, 244, 233, 212, 182, 150, 131, 120, 110, 98, 85, 72, 60, 49, 40,
        32, 25, 19, 15, 13, 11, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0,
    ];

    /// <summary>The low part of the primary pitch lag in narrowband (table 30).</summary>
    public static ReadOnlySpan<byte> LagLowNarrow => [192, 128, 64, 0];

    /// <summary>The low part of the primary pitch lag in mediumband (table 30).</summary>
    public static ReadOnlySpan<byte> LagLowMedium => [213, 171, 128, 85, 43, 0];

    /// <summary>The low part of the primary pitch lag in wideband (table 30).</summary>
    public static ReadOnlySpan<byte> LagLowWide => [224, 192, 160, 128, 96, 64, 32, 0];

    /// <summary>The change of the primary pitch lag (table 31).</summary>
    public static ReadOnlySpan<byte> LagChange =>
    [
        210, 208, 206, 203, 199, 193, 183, 168, 142, 104, 74, 52, 37, 27, 20, 14, 10, 6, 4, 2,
        0,
    ];

    /// <summary>The contour in narrowband, 10 ms (table 32).</summary>
    public static ReadOnlySpan<byte> ContourNarrow10 => [113, 63, 0];

    /// <summary>The contour in narrowband, 20 ms (table 32).</summary>
    public static ReadOnlySpan<byte> ContourNarrow20 => [188, 176, 155, 138, 119, 97, 67, 43, 26, 10, 0];

    /// <summary>The contour in mediumband and wideband, 10 ms (table 32).</summary>
    public static ReadOnlySpan<byte> Contour10 => [165, 119, 80, 61, 47, 35, 27, 20, 14, 9, 4, 0];

    /// <summary>The contour in mediumband and wideband, 20 ms (table 32).</summary>
    public static ReadOnlySpan<byte> Contour20 =>
    [
        223, 201, 183, 167, 152, 138, 124, 111, 98, 88, 79, 70, 62, 56, 50, 44, 39, 35, 31, 27,
        24, 21, 18, 16, 14, 12, 10, 8, 6, 4, 3, 2, 1, 0,
    ];

    /// <summary>The offsets of a contour, a row a subframe, in narrowband, 10 ms (table 33).</summary>
    public static ReadOnlySpan<sbyte> OffsetsNarrow10 =>
    [
        0, 1, 0,
        0, 0, 1,
    ];

    /// <summary>The offsets of a contour, a row a subframe, in narrowband, 20 ms (table 34).</summary>
    public static ReadOnlySpan<sbyte> OffsetsNarrow20 =>
    [
        0, 2, -1, -1, -1, 0, 0, 1, 1, 0, 1,
        0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0,
        0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0,
        0, -1, 2, 1, 0, 1, 1, 0, 0, -1, -1,
    ];

    /// <summary>The offsets of a contour, a row a subframe, in mediumband and wideband, 10 ms (table 35).</summary>
    public static ReadOnlySpan<sbyte> Offsets10 =>
    [
        0, 0, 1, -1, 1, -1, 2, -2, 2, -2, 3, -3,
        0, 1, 0, 1, -1, 2, -1, 2, -2, 3, -2, 3,
    ];

    /// <summary>The offsets of a contour, a row a subframe, in mediumband and wideband, 20 ms (table 36).</summary>
    public static ReadOnlySpan<sbyte> Offsets20 =>
    [
        0, 0, 1, -1, 0, 1, -1, 0, -1, 1, -2, 2, -2, -2, 2, -3, 2, 3, -3, -4, 3, -4, 4, 4, -5, 5, -6, -5, 6, -7, 6, 5, 8, -9,
        0, 0, 1, 0, 0, 0, 0, 0, 0, 0, -1, 1, 0, 0, 1, -1, 0, 1, -1, -1, 1, -1, 2, 1, -1, 2, -2, -2, 2, -2, 2, 2, 3, -3,
        0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1, -1, 1, 0, 0, 2, 1, -1, 2, -1, -1, 2, -1, 2, 2, -1, 3, -2, -2, -2, 3,
        0, 1, 0, 0, 1, 0, 1, -1, 2, -1, 2, -1, 2, 3, -2, 3, -2, -2, 4, 4, -3, 5, -3, -4, 6, -4, 6, 5, -5, 8, -6, -5, -7, 9,
    ];
}
