using VoiceKit.Opus.Decoding.Range;

namespace VoiceKit.Opus.Decoding.Silk;

/// <summary>Reads the side information of a SILK frame (RFC 6716 §4.2.7, table 5) in the order in which it is coded.</summary>
internal static class SilkFrameReader
{
    private const int StageTwoSymbols = 9;

    /// <summary>Reads a frame up to its excitation into the channel's indices.</summary>
    /// <param name="range">Stands at the frame type.</param>
    /// <param name="channel">Its indices are overwritten.</param>
    /// <param name="isActive">Whether voice activity was told for the frame, as it always is for redundant frames.</param>
    /// <param name="coding">How the frame leans on the one before.</param>
    public static void Read(ref RangeDecoder range, SilkChannel channel, bool isActive, SilkCoding coding)
    {
        var indices = channel.Indices;
        ReadFrameType(ref range, indices, isActive);
        ReadGains(ref range, indices, channel.SubframeCount, coding);
        ReadLsf(ref range, indices, channel.IsWide);
        indices.LsfInterpolation = channel.SubframeCount == 4 ? range.DecodeSymbol(LsfTables.InterpolationIndex) : 4;
        if (indices.SignalType == SilkSignalType.Voiced)
        {
            ReadPitch(ref range, channel, coding);
            ReadLtp(ref range, indices, channel.SubframeCount, coding);
        }

        channel.LastReadSignalType = indices.SignalType;
        indices.Seed = range.DecodeSymbol(ExcitationTables.Seed);
    }

    // §4.2.7.3
    private static void ReadFrameType(ref RangeDecoder range, SilkFrameIndices indices, bool isActive)
    {
        var type = isActive
            ? range.DecodeSymbol(SilkHeaderTables.ActiveFrameType) + 2
            : range.DecodeSymbol(SilkHeaderTables.InactiveFrameType);
        indices.SignalType = (SilkSignalType)(type >> 1);
        indices.QuantizationOffset = type & 1;
    }

    // §4.2.7.4
    private static void ReadGains(ref RangeDecoder range, SilkFrameIndices indices, int subframes, SilkCoding coding)
    {
        var gains = indices.Gains;
        if (coding == SilkCoding.Conditional)
        {
            gains[0] = range.DecodeSymbol(SilkGainTables.Delta);
        }
        else
        {
            var high = range.DecodeSymbol(SilkGainTables.IndependentHigh.Slice((int)indices.SignalType * 8, 8));
            gains[0] = high << 3 | range.DecodeSymbol(SilkGainTables.IndependentLow);
        }

        for (var i = 1; i < subframes; i++)
            gains[i] = range.DecodeSymbol(SilkGainTables.Delta);
    }

    // §4.2.7.5.1 and §4.2.7.5.2
    private static void ReadLsf(ref RangeDecoder range, SilkFrameIndices indices, bool isWide)
    {
        var order = isWide ? 16 : 10;
        var stage1 = isWide ? WideLsfTables.Stage1Indices : NarrowLsfTables.Stage1Indices;
        indices.LsfStage1 = range.DecodeSymbol(stage1.Slice(indices.SignalType == SilkSignalType.Voiced ? 32 : 0, 32));

        var codebooks = isWide ? WideLsfTables.Stage2Codebooks : NarrowLsfTables.Stage2Codebooks;
        var stage2 = isWide ? WideLsfTables.Stage2Indices : NarrowLsfTables.Stage2Indices;
        codebooks = codebooks.Slice(indices.LsfStage1 * order, order);
        for (var i = 0; i < codebooks.Length; i++)
        {
            var index = range.DecodeSymbol(stage2.Slice(codebooks[i] * StageTwoSymbols, StageTwoSymbols)) - 4;
            if (index == -4)
                index -= range.DecodeSymbol(LsfTables.IndexExtension);
            else if (index == 4)
                index += range.DecodeSymbol(LsfTables.IndexExtension);
            indices.LsfStage2[i] = index;
        }
    }

    // §4.2.7.6.1
    private static void ReadPitch(ref RangeDecoder range, SilkChannel channel, SilkCoding coding)
    {
        var indices = channel.Indices;
        var change = coding == SilkCoding.Conditional && channel.LastReadSignalType == SilkSignalType.Voiced
            ? range.DecodeSymbol(PitchTables.LagChange)
            : 0;
        if (change > 0)
        {
            indices.Lag = (short)(channel.LastReadLag + change - 9);
        }
        else
        {
            var high = range.DecodeSymbol(PitchTables.LagHigh);
            indices.Lag = high * (channel.Kilohertz >> 1) + range.DecodeSymbol(LowLag(channel.Kilohertz));
        }

        channel.LastReadLag = indices.Lag;
        indices.PitchContour = range.DecodeSymbol(PitchLags.Contours(channel.Kilohertz, channel.SubframeCount));
    }

    private static ReadOnlySpan<byte> LowLag(int kilohertz) => kilohertz switch
    {
        8 => PitchTables.LagLowNarrow,
        12 => PitchTables.LagLowMedium,
        _ => PitchTables.LagLowWide,
    };

    // §4.2.7.6.2 and §4.2.7.6.3
    private static void ReadLtp(ref RangeDecoder range, SilkFrameIndices indices, int subframes, SilkCoding coding)
    {
        indices.Periodicity = range.DecodeSymbol(LtpTables.Periodicity);
        var filters = indices.Periodicity switch
        {
            0 => LtpTables.FilterIndex0,
            1 => LtpTables.FilterIndex1,
            _ => LtpTables.FilterIndex2,
        };
        for (var i = 0; i < subframes; i++)
            indices.LtpFilters[i] = range.DecodeSymbol(filters);
        indices.LtpScaling = coding == SilkCoding.Independent ? range.DecodeSymbol(LtpTables.ScalingIndex) : 0;
    }
}
