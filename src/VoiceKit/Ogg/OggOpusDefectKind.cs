namespace VoiceKit.Ogg;

/// <summary>The kinds of defects that <see cref="OggOpusReader"/> finds.</summary>
public enum OggOpusDefectKind
{
    /// <summary>Bytes between pages that belong to none. Skipped.</summary>
    Junk,

    /// <summary>A page whose checksum does not match (RFC 3533 §6). Dropped, but for the page of an OpusHead that can be read.</summary>
    BadChecksum,

    /// <summary>The input ends within a page. What there is of it is dropped.</summary>
    TruncatedPage,

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

    /// <summary>OpusTags is missing or broken (RFC 7845 §5.2). What could be read is kept.</summary>
    BadTags,

    /// <summary>A granule position that does not follow from the packets (RFC 7845 §4). Nothing is trimmed because of it.</summary>
    BadGranule,

    /// <summary>The first audio page's granule position is smaller than its samples or the pre-skip (RFC 7845 §4.5).</summary>
    BadFirstGranule,

    /// <summary>Pages after one that is marked as the last (RFC 3533 §6). Read all the same.</summary>
    PageAfterEnd,

    /// <summary>The last page is not marked as such (RFC 3533 §6).</summary>
    MissingEnd,

    /// <summary>A link of a chained file that cannot be read. Skipped.</summary>
    BadLink,
}
