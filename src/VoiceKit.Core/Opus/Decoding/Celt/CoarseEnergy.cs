using VoiceKit.Opus.Decoding.Range;

namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>
/// Coarse energy (RFC 6716 §4.3.2.1): the envelope of the spectrum in steps of 6 dB, predicted from the last frame and from
/// the band below.
/// </summary>
internal static class CoarseEnergy
{
    private const int BitsOfLaplace = 15;
    private const int Models = 2 * CeltBands.Count;

    /// <summary>
    /// How much an energy may fall below its mean before it no longer counts in prediction (RFC 8251 keeps all decoders
    /// alike).
    /// </summary>
    private const float Floor = -9;

    private const float IntraBandFactor = 4915 / 32768f;

    /// <summary>Reads the energies of all coded bands.</summary>
    /// <param name="range">The range decoder.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="isIntra">Whether the last frame is not used.</param>
    /// <param name="energies">The energies of the last frame; receives those of this one.</param>
    public static void Decode(ref RangeDecoder range, CeltFrame frame, bool isIntra, Span<float> energies)
    {
        var models = ProbabilityModels.Slice((2 * frame.SizeLog + (isIntra ? 1 : 0)) * Models, Models);
        var timeFactor = isIntra ? 0 : TimeFactors[frame.SizeLog];
        var bandFactor = isIntra ? IntraBandFactor : BandFactors[frame.SizeLog];
        var budget = range.Length * 8;
        var below = 0f;
        var belowSecond = 0f;
        for (var band = frame.StartBand; band < frame.EndBand; band++)
        {
            var model = models.Slice(2 * band, 2);
            Predict(ref energies[band], ref below, DecodeStep(ref range, budget, model), timeFactor, bandFactor);
            if (frame.Channels == 2)
            {
                ref var second = ref energies[CeltBands.Count + band];
                Predict(ref second, ref belowSecond, DecodeStep(ref range, budget, model), timeFactor, bandFactor);
            }
        }
    }

    private static void Predict(ref float energy, ref float below, int step, float timeFactor, float bandFactor)
    {
        energy = timeFactor * Math.Max(Floor, energy) + below + step;
        below = below + step - bandFactor * step;
    }

    /// <summary>A step of 6 dB, coded more simply where few bits are left.</summary>
    private static int DecodeStep(ref RangeDecoder range, int budget, ReadOnlySpan<byte> model)
    {
        var left = budget - range.Tell();
        if (left >= BitsOfLaplace)
            return LaplaceSymbol.Decode(ref range, (uint)model[0] << 7, (uint)model[1] << 6);
        if (left >= 2)
        {
            var symbol = range.DecodeSymbol([2, 1, 0], 2);
            return symbol >> 1 ^ -(symbol & 1);
        }

        return left < 1 || range.DecodeBit(1) ? -1 : 0;
    }

    /// <summary>The RFC's alpha for frames of 2.5, 5, 10 and 20 ms.</summary>
    private static ReadOnlySpan<float> TimeFactors => [29440 / 32768f, 26112 / 32768f, 21248 / 32768f, 16384 / 32768f];

    /// <summary>The RFC's beta for frames of 2.5, 5, 10 and 20 ms.</summary>
    private static ReadOnlySpan<float> BandFactors => [30147 / 32768f, 22282 / 32768f, 12124 / 32768f, 6554 / 32768f];

    /// <summary>
    /// The reference decoder's e_prob_model: for each frame size, inter and intra, each band's frequency of zero and decay,
    /// in 1/256.
    /// </summary>
    private static ReadOnlySpan<byte> ProbabilityModels =>
    [
        72, 127, 65, 129, 66, 128, 65, 128, 64, 128, 62, 128, 64, 128,
        64, 128, 92, 78, 92, 79, 92, 78, 90, 79, 116, 41, 115, 40,
        114, 40, 132, 26, 132, 26, 145, 17, 161, 12, 176, 10, 177, 11,
        24, 179, 48, 138, 54, 135, 54, 132, 53, 134, 56, 133, 55, 132,
        55, 132, 61, 114, 70, 96, 74, 88, 75, 88, 87, 74, 89, 66,
        91, 67, 100, 59, 108, 50, 120, 40, 122, 37, 97, 43, 78, 50,
        83, 78, 84, 81, 88, 75, 86, 74, 87, 71, 90, 73, 93, 74,
        93, 74, 109, 40, 114, 36, 117, 34, 117, 34, 143, 17, 145, 18,
        146, 19, 162, 12, 165, 10, 178, 7, 189, 6, 190, 8, 177, 9,
        23, 178, 54, 115, 63, 102, 66, 98, 69, 99, 74, 89, 71, 91,
        73, 91, 78, 89, 86, 80, 92, 66, 93, 64, 102, 59, 103, 60,
        104, 60, 117, 52, 123, 44, 138, 35, 133, 31, 97, 38, 77, 45,
        61, 90, 93, 60, 105, 42, 107, 41, 110, 45, 116, 38, 113, 38,
        112, 38, 124, 26, 132, 27, 136, 19, 140, 20, 155, 14, 159, 16,
        158, 18, 170, 13, 177, 10, 187, 8, 192, 6, 175, 9, 159, 10,
        21, 178, 59, 110, 71, 86, 75, 85, 84, 83, 91, 66, 88, 73,
        87, 72, 92, 75, 98, 72, 105, 58, 107, 54, 115, 52, 114, 55,
        112, 56, 129, 51, 132, 40, 150, 33, 140, 29, 98, 35, 77, 42,
        42, 121, 96, 66, 108, 43, 111, 40, 117, 44, 123, 32, 120, 36,
        119, 33, 127, 33, 134, 34, 139, 21, 147, 23, 152, 20, 158, 25,
        154, 26, 166, 21, 173, 16, 184, 13, 184, 10, 150, 13, 139, 15,
        22, 178, 63, 114, 74, 82, 84, 83, 92, 82, 103, 62, 96, 72,
        96, 67, 101, 73, 107, 72, 113, 55, 118, 52, 125, 52, 118, 52,
        117, 55, 135, 49, 137, 39, 157, 32, 145, 29, 97, 33, 77, 40,
    ];
}
