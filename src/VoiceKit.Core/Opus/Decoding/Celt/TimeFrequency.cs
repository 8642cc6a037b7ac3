using VoiceKit.Opus.Decoding.Range;

namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>How each band's resolution differs from the frame's (RFC 6716 §4.3.1 and §4.3.4.5).</summary>
internal static class TimeFrequency
{
    /// <summary>Reads tf_change of each band and tf_select.</summary>
    public static void Decode(ref RangeDecoder range, CeltFrame frame)
    {
        var changes = frame.ResolutionChanges.AsSpan();
        var isTransient = frame.IsTransient;
        var budget = range.Length * 8;
        var logP = isTransient ? 2 : 4;
        var mayBeSelected = frame.SizeLog > 0 && range.Tell() + logP + 1 <= budget;
        if (mayBeSelected)
            budget--;

        var choice = 0;
        var anyChoice = 0;
        for (var band = frame.StartBand; band < frame.EndBand; band++)
        {
            if (range.Tell() + logP <= budget && range.DecodeBit(logP))
                choice ^= 1;
            anyChoice |= choice;
            changes[band] = choice;
            logP = isTransient ? 4 : 5;
        }

        var adjustments = Adjustments.Slice((2 * frame.SizeLog + (isTransient ? 1 : 0)) * 4, 4);
        var select = mayBeSelected && adjustments[anyChoice] != adjustments[2 + anyChoice] && range.DecodeBit(1) ? 2 : 0;
        for (var band = frame.StartBand; band < frame.EndBand; band++)
            changes[band] = adjustments[select + changes[band]];
    }

    /// <summary>
    /// Tables 60 to 63: for each frame size, plain and transient; then by tf_select and the band's choice. Above zero the
    /// resolution in frequency grows, below zero that in time.
    /// </summary>
    private static ReadOnlySpan<sbyte> Adjustments =>
    [
        0, -1, 0, -1, 0, -1, 0, -1,
        0, -1, 0, -2, 1, 0, 1, -1,
        0, -2, 0, -3, 2, 0, 1, -1,
        0, -2, 0, -3, 3, 0, 1, -1,
    ];
}
