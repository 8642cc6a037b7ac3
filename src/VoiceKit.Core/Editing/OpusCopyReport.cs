using VoiceKit.Opus;

namespace VoiceKit.Editing;

/// <summary>What copying packets from one container to another has found and made.</summary>
public sealed class OpusCopyReport
{
    internal OpusCopyReport(OpusContainer source, OpusPacketCopier copier, IReadOnlyList<OpusDefect> defects, long defectCount)
    {
        Source = source;
        Samples = copier.Samples;
        LostSamples = copier.LostSamples;
        UntrimmedSamples = copier.UntrimmedSamples;
        PacketCount = copier.PacketCount;
        LinkCount = copier.LinkCount;
        Defects = defects;
        DefectCount = defectCount;
    }

    internal OpusCopyReport(
        OpusContainer source, long samples, long packetCount, int linkCount, IReadOnlyList<OpusDefect> defects, long defectCount)
    {
        Source = source;
        Samples = samples;
        PacketCount = packetCount;
        LinkCount = linkCount;
        Defects = defects;
        DefectCount = defectCount;
    }

    /// <summary>The container that was read; of several inputs the first.</summary>
    public OpusContainer Source { get; }

    /// <summary>The length of what was written: what is heard.</summary>
    public TimeSpan Duration => OpusRates.ToTime(Samples);

    /// <summary>How much of it was lost in the input and is filled with packets that decoders conceal.</summary>
    public TimeSpan Lost => OpusRates.ToTime(LostSamples);

    /// <summary>
    /// How much of what the input drops in the middle is heard in the output, which is longer by that. 0 in Ogg, where another
    /// link begins behind each of the first 100 such places; WebM and CAF can drop at the end only.
    /// </summary>
    public TimeSpan Untrimmed => OpusRates.ToTime(UntrimmedSamples);

    /// <summary><see cref="Duration"/> in samples at 48 kHz.</summary>
    internal long Samples { get; }

    /// <summary><see cref="Lost"/> in samples at 48 kHz.</summary>
    internal long LostSamples { get; }

    /// <summary><see cref="Untrimmed"/> in samples at 48 kHz.</summary>
    internal long UntrimmedSamples { get; }

    /// <summary>The number of packets that were written.</summary>
    public long PacketCount { get; }

    /// <summary>
    /// The number of links that were written. 1 but for chained Ogg and for inputs that drop samples in the middle, as those of
    /// recorders that end the stream at each pause: there another link begins.
    /// </summary>
    public int LinkCount { get; }

    /// <summary>What is broken in the input; the first 1000 of it.</summary>
    public IReadOnlyList<OpusDefect> Defects { get; }

    /// <summary>How many defects there are, listed or not.</summary>
    public long DefectCount { get; }
}
