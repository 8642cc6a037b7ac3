using System.Runtime.CompilerServices;
using VoiceKit.Opus;
using Rule = VoiceKit.Conformance.OggOpusCheckRule;

namespace VoiceKit.Conformance;

/// <summary>Where each rule stands, and how much it matters.</summary>
internal static class OggOpusCheckRules
{
    public static OggOpusCheckSeverity SeverityOf(Rule rule) => rule switch
    {
        Rule.PageEmpty or Rule.PageLong or Rule.SequenceStart or Rule.JoinedMidStream
            or Rule.EndMissing or Rule.EndOnHeader or Rule.EndPageEmpty or Rule.ParallelStreams or Rule.TooManyStreams
            or Rule.HeadTrailingBytes or Rule.HeadFamily or Rule.PreSkipLow or Rule.PreSkipCropped or Rule.InputRate
            or Rule.OutputGain or Rule.VendorEmpty or Rule.CommentNameEmpty or Rule.ReplayGain or Rule.CommentFarBehind
            or Rule.TagsTooLarge or Rule.TagsData or Rule.TagsPadding or Rule.PictureBase64 or Rule.PictureBlock
            or Rule.PictureImage or Rule.GranuleAbsurd or Rule.StartLate or Rule.TrimLong or Rule.NoAudio or Rule.NothingAudible
            or Rule.PacketOversized or Rule.PacketPadding => OggOpusCheckSeverity.Warning,
        _ => OggOpusCheckSeverity.Error,
    };

    public static string SectionOf(Rule rule) => rule switch
    {
        Rule.PageEmpty or Rule.BeginLate or Rule.SerialReused or Rule.TooManyStreams => "RFC 3533 §4",
        Rule.PageLong or Rule.Junk or Rule.PageTruncated or Rule.PageChecksum or Rule.PageVersion or Rule.PageFlags
            or Rule.SequenceStart or Rule.SequenceGap or Rule.SequenceRepeated or Rule.BeginMissing
            or Rule.BeginRepeated => "RFC 3533 §6",
        Rule.StreamDurations or Rule.JoinedMidStream or Rule.ContinuedWithoutStart or Rule.PacketUnfinished or Rule.EndMissing or Rule.EndOnHeader
            or Rule.PageAfterEnd or Rule.HeadSpansPages or Rule.HeadNotAlone or Rule.TagsMissing or Rule.TagsNotAlone
            or Rule.NoAudio => "RFC 7845 §3",
        Rule.HeaderGranule or Rule.GranuleMissing or Rule.GranuleNegative or Rule.GranuleWithoutPacket or Rule.GranuleJump
            or Rule.GranuleOverlap or Rule.GranuleDecreasing => "RFC 7845 §4",
        Rule.PreSkipLow or Rule.PreSkipCropped or Rule.NothingAudible => "RFC 7845 §4.2",
        Rule.TrimLong or Rule.EndPageEmpty => "RFC 7845 §4.4",
        Rule.FirstGranuleShort or Rule.FirstGranuleBelowPreSkip or Rule.StartLate or Rule.GranuleAbsurd => "RFC 7845 §4.5",
        Rule.HeadTooShort or Rule.HeadTrailingBytes or Rule.HeadVersion or Rule.InputRate or Rule.OutputGain => "RFC 7845 §5.1",
        Rule.HeadChannels or Rule.HeadStreams or Rule.HeadMapping => "RFC 7845 §5.1.1",
        Rule.HeadMappingTable => "RFC 7845 §5.1.1.1",
        Rule.HeadFamily => "RFC 7845 §5.1.1.3",
        Rule.TagsTooShort or Rule.TagsLength or Rule.TagsCount or Rule.VendorEmpty or Rule.TextEncoding or Rule.CommentFarBehind
            or Rule.TagsTooLarge or Rule.TagsData or Rule.TagsPadding => "RFC 7845 §5.2",
        Rule.CommentWithoutName or Rule.CommentName or Rule.CommentNameEmpty or Rule.R128Repeated or Rule.R128Format
            or Rule.ReplayGain => "RFC 7845 §5.2.1",
        Rule.PacketOversized or Rule.PacketPadding => "RFC 7845 §6",
        Rule.ParallelStreams or Rule.NoOpusStream => "RFC 7845 §9",
        Rule.PictureBase64 => "RFC 4648 §4",
        Rule.PictureBlock or Rule.PictureImage => "RFC 9639 §8.8",
        Rule.PacketEmpty => "RFC 6716 §3.4 R1",
        Rule.FrameTooLong => "RFC 6716 §3.4 R2",
        Rule.OddPair => "RFC 6716 §3.4 R3",
        Rule.PairLength => "RFC 6716 §3.4 R4",
        Rule.PacketDuration => "RFC 6716 §3.4 R5",
        Rule.ConstantLayout => "RFC 6716 §3.4 R6",
        Rule.VariableLayout => "RFC 6716 §3.4 R7",
        Rule.Delimiting => "RFC 6716 appendix B",
        _ => throw new SwitchExpressionException(rule),
    };

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
}
