using VoiceKit.Opus.Decoding.Range;

namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>Reads what comes before the shapes of the bands, in its order (RFC 6716 §4.3, table 56).</summary>
internal sealed class FrameReader
{
    private const int FractionBits = RangeDecoder.FractionBits;
    private const int NoTrim = 5;

    private readonly BitAllocation _allocation = new();

    /// <summary>Reads the silence flag.</summary>
    public static bool IsSilent(ref RangeDecoder range)
    {
        var tell = range.Tell();
        return tell >= range.Length * 8 || (tell == 1 && range.DecodeBit(15));
    }

    /// <summary>Reads the start of a frame that is not silent, up to the coarse energies.</summary>
    /// <param name="range">The range decoder, after the silence flag.</param>
    /// <param name="frame">The frame, with its size, channels and bands; receives all that is read.</param>
    /// <param name="energies">The energies of the last frame; receives those of this one in steps of 6 dB.</param>
    /// <returns>The post-filter.</returns>
    public static PostFilterSetting ReadCoarse(ref RangeDecoder range, CeltFrame frame, Span<float> energies)
    {
        var totalBits = range.Length * 8;
        var postFilter = frame.StartBand == 0 && range.Tell() + 16 <= totalBits
            ? PostFilterSetting.Decode(ref range)
            : PostFilterSetting.Off;
        frame.IsTransient = frame.SizeLog > 0 && range.Tell() + 3 <= totalBits && range.DecodeBit(3);
        var isIntra = range.Tell() + 3 <= totalBits && range.DecodeBit(3);
        CoarseEnergy.Decode(ref range, frame, isIntra, energies);
        return postFilter;
    }

    /// <summary>Reads what follows, up to the fine energies.</summary>
    /// <param name="range">The range decoder, after the coarse energies.</param>
    /// <param name="frame">The frame; receives all that is read.</param>
    /// <param name="energies">The coarse energies; made exact but for the bits that are left at the frame's end.</param>
    public void ReadFine(ref RangeDecoder range, CeltFrame frame, Span<float> energies)
    {
        TimeFrequency.Decode(ref range, frame);
        frame.Spread = range.Tell() + 4 <= range.Length * 8 ? range.DecodeSymbol([25, 23, 2, 0], 5) : 2;
        Allocate(ref range, frame);
        FineEnergy.Decode(ref range, frame, energies);
    }

    /// <summary>Reads what adjusts the allocation, and allocates.</summary>
    private void Allocate(ref RangeDecoder range, CeltFrame frame)
    {
        BandBoosts.SetCaps(frame);
        var bitsLeft = BandBoosts.Decode(ref range, frame);
        var trim = (int)range.TellFraction() + (6 << FractionBits) <= bitsLeft
            ? range.DecodeSymbol([126, 124, 119, 109, 87, 41, 19, 9, 4, 2, 0], 7)
            : NoTrim;
        var bits = (range.Length * 8 << FractionBits) - (int)range.TellFraction() - 1;
        var hasFlag = frame.IsTransient && frame.SizeLog >= 2 && bits >= (frame.SizeLog + 2) << FractionBits;
        frame.CollapseReserve = hasFlag ? 1 << FractionBits : 0;
        _allocation.Decode(ref range, frame, trim, bits - frame.CollapseReserve);
    }
}
