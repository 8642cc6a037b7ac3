using System.Runtime.CompilerServices;
using VoiceKit.Opus;
using static VoiceKit.Conformance.OggOpusCheckSeverity;
using Rule = VoiceKit.Conformance.OggOpusCheckRule;

namespace VoiceKit.Conformance;

/// <summary>Where each rule stands, and how much it matters.</summary>
internal static class OggOpusCheckRules
{
    // In the order of the enumeration.
    private static readonly Row[] Rows =
    [
        new(Rule.Junk, Error, "RFC 3533 §6"),
        new(Rule.PageTruncated, Error, "RFC 3533 §6"),
        new(Rule.PageChecksum, Error, "RFC 3533 §6"),
        new(Rule.PageVersion, Error, "RFC 3533 §6"),
        new(Rule.PageFlags, Error, "RFC 3533 §6"),
        new(Rule.PageEmpty, Warning, "RFC 3533 §4"),
        new(Rule.PageLong, Warning, "RFC 3533 §6"),
        new(Rule.SequenceStart, Warning, "RFC 3533 §6"),
        new(Rule.SequenceGap, Error, "RFC 3533 §6"),
        new(Rule.SequenceRepeated, Error, "RFC 3533 §6"),
        new(Rule.JoinedMidStream, Warning, "RFC 7845 §3"),
        new(Rule.ContinuedWithoutStart, Error, "RFC 7845 §3"),
        new(Rule.PacketUnfinished, Error, "RFC 7845 §3"),
        new(Rule.BeginMissing, Error, "RFC 3533 §6"),
        new(Rule.BeginRepeated, Error, "RFC 3533 §6"),
        new(Rule.BeginLate, Error, "RFC 3533 §4"),
        new(Rule.EndMissing, Warning, "RFC 7845 §3"),
        new(Rule.EndOnHeader, Warning, "RFC 7845 §3"),
        new(Rule.EndPageEmpty, Warning, "RFC 7845 §4.4"),
        new(Rule.PageAfterEnd, Error, "RFC 7845 §3"),
        new(Rule.SerialReused, Error, "RFC 3533 §4"),
        new(Rule.ParallelStreams, Warning, "RFC 7845 §9"),
        new(Rule.TooManyStreams, Warning, "RFC 3533 §4"),
        new(Rule.NoOpusStream, Error, "RFC 7845 §9"),
        new(Rule.HeadSpansPages, Error, "RFC 7845 §3"),
        new(Rule.HeadNotAlone, Error, "RFC 7845 §3"),
        new(Rule.HeadTooShort, Error, "RFC 7845 §5.1"),
        new(Rule.HeadMappingTable, Error, "RFC 7845 §5.1.1.1"),
        new(Rule.HeadTrailingBytes, Warning, "RFC 7845 §5.1"),
        new(Rule.HeadVersion, Error, "RFC 7845 §5.1"),
        new(Rule.HeadChannels, Error, "RFC 7845 §5.1.1"),
        new(Rule.HeadStreams, Error, "RFC 7845 §5.1.1"),
        new(Rule.HeadMapping, Error, "RFC 7845 §5.1.1"),
        new(Rule.HeadFamily, Warning, "RFC 7845 §5.1.1.3"),
        new(Rule.PreSkipLow, Warning, "RFC 7845 §4.2"),
        new(Rule.PreSkipCropped, Warning, "RFC 7845 §4.2"),
        new(Rule.InputRate, Warning, "RFC 7845 §5.1"),
        new(Rule.OutputGain, Warning, "RFC 7845 §5.1"),
        new(Rule.TagsMissing, Error, "RFC 7845 §3"),
        new(Rule.TagsNotAlone, Error, "RFC 7845 §3"),
        new(Rule.TagsTooShort, Error, "RFC 7845 §5.2"),
        new(Rule.TagsLength, Error, "RFC 7845 §5.2"),
        new(Rule.TagsCount, Error, "RFC 7845 §5.2"),
        new(Rule.VendorEmpty, Warning, "RFC 7845 §5.2"),
        new(Rule.TextEncoding, Error, "RFC 7845 §5.2"),
        new(Rule.CommentWithoutName, Error, "RFC 7845 §5.2.1"),
        new(Rule.CommentName, Error, "RFC 7845 §5.2.1"),
        new(Rule.CommentNameEmpty, Warning, "RFC 7845 §5.2.1"),
        new(Rule.R128Repeated, Error, "RFC 7845 §5.2.1"),
        new(Rule.R128Format, Error, "RFC 7845 §5.2.1"),
        new(Rule.ReplayGain, Warning, "RFC 7845 §5.2.1"),
        new(Rule.CommentFarBehind, Warning, "RFC 7845 §5.2"),
        new(Rule.TagsTooLarge, Warning, "RFC 7845 §5.2"),
        new(Rule.TagsData, Warning, "RFC 7845 §5.2"),
        new(Rule.TagsPadding, Warning, "RFC 7845 §5.2"),
        new(Rule.PictureBase64, Warning, "RFC 4648 §4"),
        new(Rule.PictureBlock, Warning, "RFC 9639 §8.8"),
        new(Rule.PictureImage, Warning, "RFC 9639 §8.8"),
        new(Rule.HeaderGranule, Error, "RFC 7845 §4"),
        new(Rule.GranuleMissing, Error, "RFC 7845 §4"),
        new(Rule.GranuleNegative, Error, "RFC 7845 §4"),
        new(Rule.GranuleWithoutPacket, Error, "RFC 7845 §4"),
        new(Rule.GranuleJump, Error, "RFC 7845 §4"),
        new(Rule.GranuleOverlap, Error, "RFC 7845 §4"),
        new(Rule.GranuleDecreasing, Error, "RFC 7845 §4"),
        new(Rule.GranuleAbsurd, Warning, "RFC 7845 §4.5"),
        new(Rule.FirstGranuleShort, Error, "RFC 7845 §4.5"),
        new(Rule.FirstGranuleBelowPreSkip, Error, "RFC 7845 §4.5"),
        new(Rule.StartLate, Warning, "RFC 7845 §4.5"),
        new(Rule.TrimLong, Warning, "RFC 7845 §4.4"),
        new(Rule.NoAudio, Warning, "RFC 7845 §3"),
        new(Rule.NothingAudible, Warning, "RFC 7845 §4.2"),
        new(Rule.PacketEmpty, Error, "RFC 6716 §3.4 R1"),
        new(Rule.FrameTooLong, Error, "RFC 6716 §3.4 R2"),
        new(Rule.OddPair, Error, "RFC 6716 §3.4 R3"),
        new(Rule.PairLength, Error, "RFC 6716 §3.4 R4"),
        new(Rule.PacketDuration, Error, "RFC 6716 §3.4 R5"),
        new(Rule.ConstantLayout, Error, "RFC 6716 §3.4 R6"),
        new(Rule.VariableLayout, Error, "RFC 6716 §3.4 R7"),
        new(Rule.Delimiting, Error, "RFC 6716 appendix B"),
        new(Rule.StreamDurations, Error, "RFC 7845 §3"),
        new(Rule.PacketOversized, Warning, "RFC 7845 §6"),
        new(Rule.PacketPadding, Warning, "RFC 7845 §6"),
    ];

    public static OggOpusCheckSeverity SeverityOf(Rule rule) => Rows[(int)rule].Severity;

    public static string SectionOf(Rule rule) => Rows[(int)rule].Section;

    /// <summary>The rule that a row is about, to check that each has its own place.</summary>
    internal static IEnumerable<Rule> InOrder => Rows.Select(row => row.Rule);

    /// <summary>The rule that a packet breaks.</summary>
    public static Rule Of(OpusPacketFault fault) => fault switch
    {
        OpusPacketFault.Empty => Rule.PacketEmpty,
        OpusPacketFault.FrameTooLong => Rule.FrameTooLong,
        OpusPacketFault.OddPair => Rule.OddPair,
        OpusPacketFault.PairLength => Rule.PairLength,
        OpusPacketFault.Duration => Rule.PacketDuration,
        OpusPacketFault.ConstantLayout => Rule.ConstantLayout,
        OpusPacketFault.VariableLayout => Rule.VariableLayout,
        OpusPacketFault.Delimiting => Rule.Delimiting,
        OpusPacketFault.StreamDurations => Rule.StreamDurations,
        _ => throw new SwitchExpressionException(fault),
    };

    private readonly record struct Row(Rule Rule, OggOpusCheckSeverity Severity, string Section);
}
