namespace VoiceKit.Conformance;

/// <summary>The rules that <see cref="OggOpusCheck"/> looks after. Those marked “warning” leave a file conforming.</summary>
public enum OggOpusCheckRule
{
    /// <summary>Bytes that belong to no page (RFC 3533 §6).</summary>
    Junk,

    /// <summary>The input ends within a page (RFC 3533 §6).</summary>
    PageTruncated,

    /// <summary>A page's checksum does not match (RFC 3533 §6).</summary>
    PageChecksum,

    /// <summary>A page's version is not 0 (RFC 3533 §6).</summary>
    PageVersion,

    /// <summary>A page has flags that are not defined (RFC 3533 §6).</summary>
    PageFlags,

    /// <summary>A page without any data that is not the last of its stream (warning, RFC 3533 §4).</summary>
    PageEmpty,

    /// <summary>A page holds five seconds of audio or more: a listener waits as long for it (warning, RFC 3533 §6).</summary>
    PageLong,

    /// <summary>A stream's page numbers do not start at 0 (warning, RFC 3533 §6).</summary>
    SequenceStart,

    /// <summary>Page numbers jump ahead: pages are missing (RFC 3533 §6).</summary>
    SequenceGap,

    /// <summary>A page number that repeats or runs backwards (RFC 3533 §6).</summary>
    SequenceRepeated,

    /// <summary>Headers were put in front of a stream that was joined in its middle (warning, RFC 7845 §3).</summary>
    JoinedMidStream,

    /// <summary>A page is marked as continuing a packet, and none is to be continued (RFC 7845 §3).</summary>
    ContinuedWithoutStart,

    /// <summary>A packet is begun and does not go on (RFC 7845 §3).</summary>
    PacketUnfinished,

    /// <summary>A stream's first page is not marked as such (RFC 3533 §6).</summary>
    BeginMissing,

    /// <summary>A later page of a stream is marked as its first (RFC 3533 §6).</summary>
    BeginRepeated,

    /// <summary>A stream begins after data of streams that go on beside it (RFC 3533 §4).</summary>
    BeginLate,

    /// <summary>A stream's last page is not marked as such, as in what is cut or live (warning, RFC 7845 §3).</summary>
    EndMissing,

    /// <summary>A page of headers is marked as the last: there is no audio (warning, RFC 7845 §3).</summary>
    EndOnHeader,

    /// <summary>The last page holds no packet, so that it cannot trim one (warning, RFC 7845 §4.4).</summary>
    EndPageEmpty,

    /// <summary>Pages after one that is marked as the last (RFC 7845 §3).</summary>
    PageAfterEnd,

    /// <summary>Two streams of a chained file share a serial number (RFC 3533 §4).</summary>
    SerialReused,

    /// <summary>More than one stream at a time (warning, RFC 7845 §9).</summary>
    ParallelStreams,

    /// <summary>More streams at a time than are looked into (warning, RFC 3533 §4).</summary>
    TooManyStreams,

    /// <summary>The file, or a link of it, has no Opus stream (RFC 7845 §9).</summary>
    NoOpusStream,

    /// <summary>The OpusHead does not end on its page (RFC 7845 §3).</summary>
    HeadSpansPages,

    /// <summary>Something else is on the page of the OpusHead (RFC 7845 §3).</summary>
    HeadNotAlone,

    /// <summary>The OpusHead has too few bytes for its fields (RFC 7845 §5.1).</summary>
    HeadTooShort,

    /// <summary>The OpusHead of mapping family 0 has something like a mapping table (RFC 7845 §5.1.1.1).</summary>
    HeadMappingTable,

    /// <summary>The OpusHead has bytes behind its fields (warning, RFC 7845 §5.1).</summary>
    HeadTrailingBytes,

    /// <summary>The version is not 1 (RFC 7845 §5.1).</summary>
    HeadVersion,

    /// <summary>The number of channels is none that the mapping family allows (RFC 7845 §5.1.1).</summary>
    HeadChannels,

    /// <summary>The numbers of streams and of coupled streams cannot be (RFC 7845 §5.1.1).</summary>
    HeadStreams,

    /// <summary>A channel takes a decoded channel that is not there (RFC 7845 §5.1.1).</summary>
    HeadMapping,

    /// <summary>A mapping family that players need not play (warning, RFC 7845 §5.1.1.3).</summary>
    HeadFamily,

    /// <summary>The pre-skip is less than any encoder's look-ahead, 120 samples (warning, RFC 7845 §4.2).</summary>
    PreSkipLow,

    /// <summary>The beginning was cut off and the pre-skip is less than 80 ms (warning, RFC 7845 §4.2).</summary>
    PreSkipCropped,

    /// <summary>An input sample rate that is neither 0 nor 8,000…192,000 Hz (warning, RFC 7845 §5.1).</summary>
    InputRate,

    /// <summary>An output gain other than 0 (warning, RFC 7845 §5.1).</summary>
    OutputGain,

    /// <summary>The second packet is no OpusTags (RFC 7845 §3).</summary>
    TagsMissing,

    /// <summary>Audio begins on the page on which the OpusTags end (RFC 7845 §3).</summary>
    TagsNotAlone,

    /// <summary>The OpusTags have too few bytes for their fields (RFC 7845 §5.2).</summary>
    TagsTooShort,

    /// <summary>A text is said to be longer than the rest of the OpusTags (RFC 7845 §5.2).</summary>
    TagsLength,

    /// <summary>There are fewer comments than the OpusTags say (RFC 7845 §5.2).</summary>
    TagsCount,

    /// <summary>The vendor string is empty (warning, RFC 7845 §5.2).</summary>
    VendorEmpty,

    /// <summary>A text is not UTF-8 (RFC 7845 §5.2).</summary>
    TextEncoding,

    /// <summary>A comment without an equals sign (RFC 7845 §5.2.1).</summary>
    CommentWithoutName,

    /// <summary>A comment's name has a character that is not allowed (RFC 7845 §5.2.1).</summary>
    CommentName,

    /// <summary>A comment's name is empty (warning, RFC 7845 §5.2.1).</summary>
    CommentNameEmpty,

    /// <summary>An R128 gain is there more than once (RFC 7845 §5.2.1).</summary>
    R128Repeated,

    /// <summary>An R128 gain is no integer of up to six characters from −32,768 to 32,767 (RFC 7845 §5.2.1).</summary>
    R128Format,

    /// <summary>A ReplayGain comment (warning, RFC 7845 §5.2.1).</summary>
    ReplayGain,

    /// <summary>A comment ends behind the first 61,440 bytes, where it may be ignored (warning, RFC 7845 §5.2).</summary>
    CommentFarBehind,

    /// <summary>The OpusTags have more than 125,829,120 bytes (warning, RFC 7845 §5.2).</summary>
    TagsTooLarge,

    /// <summary>Binary data behind the comments that editors should preserve (warning, RFC 7845 §5.2).</summary>
    TagsData,

    /// <summary>Padding behind the comments is not all zero, and editors may discard it (warning, RFC 7845 §5.2).</summary>
    TagsPadding,

    /// <summary>A METADATA_BLOCK_PICTURE is not Base64 (warning, RFC 4648 §4).</summary>
    PictureBase64,

    /// <summary>A METADATA_BLOCK_PICTURE is no picture block (warning, RFC 9639 §8.8).</summary>
    PictureBlock,

    /// <summary>A picture is not what its block says (warning, RFC 9639 §8.8).</summary>
    PictureImage,

    /// <summary>A page on which a header ends has a granule position other than 0 (RFC 7845 §4).</summary>
    HeaderGranule,

    /// <summary>A page on which packets end has no granule position (RFC 7845 §4).</summary>
    GranuleMissing,

    /// <summary>A negative granule position (RFC 7845 §4).</summary>
    GranuleNegative,

    /// <summary>A page on which no packet ends has a granule position (RFC 7845 §4).</summary>
    GranuleWithoutPacket,

    /// <summary>A granule position is ahead of the samples that are there: a hole (RFC 7845 §4).</summary>
    GranuleJump,

    /// <summary>A granule position is behind the samples that are there (RFC 7845 §4).</summary>
    GranuleOverlap,

    /// <summary>A granule position is smaller than the one before (RFC 7845 §4).</summary>
    GranuleDecreasing,

    /// <summary>A granule position that takes ten years to get to (warning, RFC 7845 §4.5).</summary>
    GranuleAbsurd,

    /// <summary>The first audio page's granule position is smaller than its samples (RFC 7845 §4.5).</summary>
    FirstGranuleShort,

    /// <summary>The only audio page's granule position is smaller than the pre-skip (RFC 7845 §4.5).</summary>
    FirstGranuleBelowPreSkip,

    /// <summary>The stream does not start at 0: cut, or joined live (warning, RFC 7845 §4.5).</summary>
    StartLate,

    /// <summary>More is trimmed at the end than the last packet (warning, RFC 7845 §4.4).</summary>
    TrimLong,

    /// <summary>The stream has no audio packet (warning, RFC 7845 §3).</summary>
    NoAudio,

    /// <summary>The stream ends within its pre-skip: nothing is to be heard (warning, RFC 7845 §4.2).</summary>
    NothingAudible,

    /// <summary>A packet without bytes (RFC 6716 §3.4 R1, RFC 7845 §3).</summary>
    PacketEmpty,

    /// <summary>A frame is longer than 1275 bytes (RFC 6716 §3.4 R2).</summary>
    FrameTooLong,

    /// <summary>Two frames of equal size share an odd number of bytes (RFC 6716 §3.4 R3).</summary>
    OddPair,

    /// <summary>The first of two frames does not fit (RFC 6716 §3.4 R4).</summary>
    PairLength,

    /// <summary>A packet holds no frame, or more than 120 ms (RFC 6716 §3.4 R5).</summary>
    PacketDuration,

    /// <summary>Frames of equal size do not fill their packet evenly (RFC 6716 §3.4 R6).</summary>
    ConstantLayout,

    /// <summary>Frames or padding do not fit in their packet (RFC 6716 §3.4 R7).</summary>
    VariableLayout,

    /// <summary>A stream of a surround packet does not fit in it (RFC 6716 appendix B).</summary>
    Delimiting,

    /// <summary>The streams of a surround packet differ in duration (RFC 7845 §3).</summary>
    StreamDurations,

    /// <summary>A packet is larger than 61,440 bytes for each stream in it (warning, RFC 7845 §6).</summary>
    PacketOversized,

    /// <summary>A packet is padded beyond the size that any audio of its frames can take (warning, RFC 7845 §6).</summary>
    PacketPadding,
}
