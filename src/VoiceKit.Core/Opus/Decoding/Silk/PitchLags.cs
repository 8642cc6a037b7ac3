namespace VoiceKit.Opus.Decoding.Silk;

/// <summary>The pitch lags of subframes: a primary lag and a contour around it (RFC 6716 §4.2.7.6.1).</summary>
internal static class PitchLags
{
    private const int MinMilliseconds = 2;
    private const int MaxMilliseconds = 18;

    /// <summary>The probabilities of contours (table 32).</summary>
    public static ReadOnlySpan<byte> Contours(int kilohertz, int subframes) => (kilohertz == 8, subframes == 4) switch
    {
        (true, true) => PitchTables.ContourNarrow20,
        (true, false) => PitchTables.ContourNarrow10,
        (false, true) => PitchTables.Contour20,
        (false, false) => PitchTables.Contour10,
    };

    /// <summary>Gives the lag of each subframe in samples.</summary>
    /// <param name="lag">The primary lag above the least lag of the rate.</param>
    /// <param name="contour">The index of the contour.</param>
    /// <param name="kilohertz">The internal rate.</param>
    /// <param name="lags">Receives a lag for each of two or four subframes.</param>
    public static void Decode(int lag, int contour, int kilohertz, Span<int> lags)
    {
        var offsets = Offsets(kilohertz, lags.Length);
        var contours = offsets.Length / lags.Length;
        var least = MinMilliseconds * kilohertz;
        for (var i = 0; i < lags.Length; i++)
        {
            var offset = offsets[i * contours + contour];
            lags[i] = Math.Min(Math.Max(least + lag + offset, least), MaxMilliseconds * kilohertz);
        }
    }

    private static ReadOnlySpan<sbyte> Offsets(int kilohertz, int subframes) => (kilohertz == 8, subframes == 4) switch
    {
        (true, true) => PitchTables.OffsetsNarrow20,
        (true, false) => PitchTables.OffsetsNarrow10,
        (false, true) => PitchTables.Offsets20,
        (false, false) => PitchTables.Offsets10,
    };
}
