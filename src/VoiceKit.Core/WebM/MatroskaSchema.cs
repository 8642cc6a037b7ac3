namespace VoiceKit.WebM;

/// <summary>Which elements are looked at, and where they stand (RFC 9559 §5).</summary>
internal static class MatroskaSchema
{
    /// <summary>Whether an element's children are looked at.</summary>
    public static bool IsDescended(uint parent, uint id) => parent switch
    {
        0 => EbmlId.IsRoot(id),
        EbmlId.Segment => id is EbmlId.Info or EbmlId.Tracks or EbmlId.Tags or EbmlId.Cluster,
        EbmlId.Tracks => id == EbmlId.TrackEntry,
        EbmlId.TrackEntry => id is EbmlId.Audio or EbmlId.ContentEncodings,
        EbmlId.ContentEncodings => id == EbmlId.ContentEncoding,
        EbmlId.ContentEncoding => id == EbmlId.ContentCompression,
        EbmlId.Tags => id == EbmlId.Tag,
        EbmlId.Tag => id is EbmlId.Targets or EbmlId.SimpleTag,
        EbmlId.Cluster => id == EbmlId.BlockGroup,
        _ => false,
    };

    /// <summary>Whether an element's data is read; blocks are a matter of their own.</summary>
    public static bool IsRead(uint parent, uint id) => parent switch
    {
        EbmlId.Cluster => id == EbmlId.Timestamp,
        EbmlId.BlockGroup => id == EbmlId.DiscardPadding,
        EbmlId.Ebml => id is EbmlId.EbmlMaxIdLength or EbmlId.DocType,
        EbmlId.Info => id is EbmlId.TimestampScale or EbmlId.Title or EbmlId.MuxingApp or EbmlId.WritingApp,
        EbmlId.TrackEntry => id is EbmlId.TrackNumber or EbmlId.TrackUid or EbmlId.TrackType
            or EbmlId.CodecId or EbmlId.CodecPrivate or EbmlId.CodecDelay,
        EbmlId.Audio => id is EbmlId.SamplingFrequency or EbmlId.Channels,
        EbmlId.ContentEncoding => id is EbmlId.ContentEncodingScope or EbmlId.ContentEncodingType,
        EbmlId.ContentCompression => id is EbmlId.ContentCompAlgo or EbmlId.ContentCompSettings,
        EbmlId.Targets => id is EbmlId.TagTrackUid or EbmlId.TagEditionUid or EbmlId.TagChapterUid or EbmlId.TagAttachmentUid,
        EbmlId.SimpleTag => id is EbmlId.TagName or EbmlId.TagString,
        _ => false,
    };

    /// <summary>Whether an element that is read is text, which counts against the limit of the tags.</summary>
    public static bool IsText(uint id) =>
        id is EbmlId.Title or EbmlId.MuxingApp or EbmlId.WritingApp or EbmlId.TagName or EbmlId.TagString;

    /// <summary>Whether an element that is read is a number, which has eight bytes at most.</summary>
    public static bool IsNumber(uint id) =>
        !IsText(id) && id is not (EbmlId.DocType or EbmlId.CodecId or EbmlId.CodecPrivate or EbmlId.ContentCompSettings);

    /// <summary>Whether an ID that stands in a segment or cluster is one that has a meaning there.</summary>
    public static bool IsKnown(uint id) =>
        EbmlId.IsGlobal(id) || EbmlId.IsTopLevel(id) || EbmlId.IsInCluster(id) || id == EbmlId.Block;
}
