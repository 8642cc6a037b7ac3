using System.Runtime.CompilerServices;

namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>The bands of the spectrum (RFC 6716 §4.3, table 55).</summary>
internal static class CeltBands
{
    /// <summary>Bands in a fullband frame.</summary>
    public const int Count = 21;

    /// <summary>Samples at 48 kHz of the shortest frame (2.5 ms): also the length of the MDCTs in a transient frame.</summary>
    public const int ShortLength = 120;

    /// <summary>Samples at 48 kHz over which the windows of two MDCTs overlap.</summary>
    public const int Overlap = 120;

    /// <summary>The logarithm of the most short MDCTs in a frame: 8 in 20 ms.</summary>
    public const int MaxSizeLog = 3;

    /// <summary>Samples at 48 kHz of the longest frame (20 ms).</summary>
    public const int MaxLength = ShortLength << MaxSizeLog;

    /// <summary>The first bin of each band and the end of the last one, in a frame of 2.5 ms (bins of 200 Hz).</summary>
    public static ReadOnlySpan<byte> Edges =>
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 34, 40, 48, 60, 78, 100];

    /// <summary>The logarithm to the base 2 of each band's width in a frame of 2.5 ms, in eighths, rounded up.</summary>
    public static ReadOnlySpan<byte> WidthLogs =>
        [0, 0, 0, 0, 0, 0, 0, 0, 8, 8, 8, 8, 16, 16, 16, 21, 21, 24, 29, 34, 36];

    /// <summary>The bins of a band in a frame of 2.5 ms.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Width(int band) => Edges[band + 1] - Edges[band];
}
