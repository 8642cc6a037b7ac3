using VoiceKit.Opus.Decoding.Range;

namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>The most bits each band can use, and the boosts that the encoder gives to some (RFC 6716 §4.3.3).</summary>
internal static class BandBoosts
{
    private const int FractionBits = RangeDecoder.FractionBits;
    private const int FirstCost = 6;
    private const int LeastCost = 2;

    /// <summary>Sets the most eighths of a bit that each band can use.</summary>
    public static void SetCaps(CeltFrame frame)
    {
        var caps = Caps.Slice((2 * frame.SizeLog + frame.Channels - 1) * CeltBands.Count, CeltBands.Count);
        for (var band = 0; band < CeltBands.Count; band++)
            frame.Caps[band] = (caps[band] + 64) * frame.Channels * (CeltBands.Width(band) << frame.SizeLog) >> 2;
    }

    /// <summary>Reads the boost of each band.</summary>
    /// <returns>The eighths of a bit of the frame that are not taken by boosts.</returns>
    public static int Decode(ref RangeDecoder range, CeltFrame frame)
    {
        var bitsLeft = range.Length * 8 << FractionBits;
        var cost = FirstCost;
        var used = (int)range.TellFraction();
        for (var band = frame.StartBand; band < frame.EndBand; band++)
        {
            var width = frame.Channels * CeltBands.Width(band) << frame.SizeLog;

            // A step is 6 bits, but at most 1 bit and at least 1/8 bit a bin.
            var step = Math.Min(width << FractionBits, Math.Max(6 << FractionBits, width));
            var stepCost = cost;
            var boost = 0;
            while (used + (stepCost << FractionBits) < bitsLeft && boost < frame.Caps[band])
            {
                var isBoosted = range.DecodeBit(stepCost);
                used = (int)range.TellFraction();
                if (!isBoosted)
                    break;
                boost += step;
                bitsLeft -= step;
                stepCost = 1;
            }

            frame.Boosts[band] = boost;
            if (boost > 0)
                cost = Math.Max(LeastCost, cost - 1);
        }

        return bitsLeft;
    }

    /// <summary>
    /// The reference decoder's cache_caps50: for each frame size, mono and stereo, the bits at which the codebooks of each band
    /// end, in 1/4 of 1/8 bit a bin and channel, less 64.
    /// </summary>
    private static ReadOnlySpan<byte> Caps =>
    [
        224, 224, 224, 224, 224, 224, 224, 224, 160, 160, 160, 160, 185, 185, 185, 178, 178, 168, 134, 61, 37,
        224, 224, 224, 224, 224, 224, 224, 224, 240, 240, 240, 240, 207, 207, 207, 198, 198, 183, 144, 66, 40,
        160, 160, 160, 160, 160, 160, 160, 160, 185, 185, 185, 185, 193, 193, 193, 183, 183, 172, 138, 64, 38,
        240, 240, 240, 240, 240, 240, 240, 240, 207, 207, 207, 207, 204, 204, 204, 193, 193, 180, 143, 66, 40,
        185, 185, 185, 185, 185, 185, 185, 185, 193, 193, 193, 193, 193, 193, 193, 183, 183, 172, 138, 65, 39,
        207, 207, 207, 207, 207, 207, 207, 207, 204, 204, 204, 204, 201, 201, 201, 188, 188, 176, 141, 66, 40,
        193, 193, 193, 193, 193, 193, 193, 193, 193, 193, 193, 193, 194, 194, 194, 184, 184, 173, 139, 65, 39,
        204, 204, 204, 204, 204, 204, 204, 204, 201, 201, 201, 201, 198, 198, 198, 187, 187, 175, 140, 66, 40,
    ];
}
