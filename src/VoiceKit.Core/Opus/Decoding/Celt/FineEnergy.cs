using VoiceKit.Opus.Decoding.Range;

namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>Fine energy (RFC 6716 §4.3.2.2): each band's energy within its coarse step of 6 dB.</summary>
internal static class FineEnergy
{
    /// <summary>The most bits of fine energy for one band and channel.</summary>
    public const int MaxBits = 8;

    /// <summary>Reads the bits that the allocation gave to each band.</summary>
    public static void Decode(ref RangeDecoder range, CeltFrame frame, Span<float> energies)
    {
        for (var band = frame.StartBand; band < frame.EndBand; band++)
        {
            var bits = frame.FineBits[band];
            if (bits <= 0)
                continue;
            for (var channel = 0; channel < frame.Channels; channel++)
                energies[channel * CeltBands.Count + band] += (range.DecodeRaw(bits) + 0.5f) / (1 << bits) - 0.5f;
        }
    }

    /// <summary>Reads one more bit for as many bands as bits are left, the ones of first priority first.</summary>
    public static void Finish(ref RangeDecoder range, CeltFrame frame, int bitsLeft, Span<float> energies)
    {
        bitsLeft = FinishBands(ref range, frame, bitsLeft, energies, comingSecond: false);
        FinishBands(ref range, frame, bitsLeft, energies, comingSecond: true);
    }

    private static int FinishBands(ref RangeDecoder range, CeltFrame frame, int bitsLeft, Span<float> energies, bool comingSecond)
    {
        for (var band = frame.StartBand; band < frame.EndBand && bitsLeft >= frame.Channels; band++)
        {
            var bits = frame.FineBits[band];
            if (bits >= MaxBits || frame.ComesSecond[band] != comingSecond)
                continue;
            for (var channel = 0; channel < frame.Channels; channel++)
                energies[channel * CeltBands.Count + band] += (range.DecodeRaw(1) - 0.5f) / (1 << (bits + 1));
            bitsLeft -= frame.Channels;
        }

        return bitsLeft;
    }
}
