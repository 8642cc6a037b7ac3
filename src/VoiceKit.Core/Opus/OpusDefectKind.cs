namespace VoiceKit.Opus;

/// <summary>The kinds of defects that a reader finds in a container and gets around.</summary>
public enum OpusDefectKind
{
    /// <summary>Bytes that belong to nothing. Skipped.</summary>
    Junk,

    /// <summary>
    /// An Ogg page whose checksum does not match (RFC 3533 §6). Dropped, but for the page of an OpusHead that can be read.
    /// </summary>
    BadChecksum,

    /// <summary>The input ends within an Ogg page, a block or a table. What there is of it is dropped.</summary>
    Truncated,

    /// <summary>Page sequence numbers jump ahead: pages are lost (RFC 7845 §3). Their time is concealed.</summary>
    MissingPages,

    /// <summary>A page sequence number that repeats or runs backwards. The page is read all the same.</summary>
    PageOutOfSequence,

    /// <summary>A piece of a packet without the rest of it. Dropped.</summary>
    IncompletePacket,

    /// <summary>A packet that breaks RFC 6716 §3.4, an empty one included (RFC 7845 §3). Skipped.</summary>
    MalformedPacket,

    /// <summary>A packet larger than RFC 7845 §6 allows, or tags larger than the reader's limit. Skipped.</summary>
    OversizedPacket,

    /// <summary>
    /// The header (OpusHead, or what a container has in its place) is missing or broken. Replaced by what can be known.
    /// </summary>
    BadHead,

    /// <summary>The comments are missing or broken (OpusTags: RFC 7845 §5.2). What could be read is kept.</summary>
    BadTags,

    /// <summary>
    /// A granule position that does not follow from the packets (RFC 7845 §4). Nothing is trimmed because of it.
    /// </summary>
    BadGranule,

    /// <summary>The first audio page's granule position is smaller than its samples or the pre-skip (RFC 7845 §4.5).</summary>
    BadFirstGranule,

    /// <summary>
    /// A timestamp or duration that does not follow from the packets. The packets are played one after the other.
    /// </summary>
    BadTimestamp,

    /// <summary>Pages after one that is marked as the last (RFC 3533 §6). Read all the same.</summary>
    PageAfterEnd,

    /// <summary>The last page is not marked as such (RFC 3533 §6).</summary>
    MissingEnd,

    /// <summary>A link of a chained file that cannot be read. Skipped.</summary>
    BadLink,

    /// <summary>A box, chunk or element whose size or content cannot be. Skipped, or read as far as it goes.</summary>
    BadStructure,
}
