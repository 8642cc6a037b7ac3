namespace VoiceKit.WebM;

/// <summary>The IDs of the elements that are read or written (RFC 8794 §11, RFC 9559 §5), with their length markers.</summary>
internal static class EbmlId
{
    public const uint Void = 0xEC;
    public const uint Crc32 = 0xBF;

    public const uint Ebml = 0x1A45DFA3;
    public const uint EbmlVersion = 0x4286;
    public const uint EbmlReadVersion = 0x42F7;
    public const uint EbmlMaxIdLength = 0x42F2;
    public const uint EbmlMaxSizeLength = 0x42F3;
    public const uint DocType = 0x4282;
    public const uint DocTypeVersion = 0x4287;
    public const uint DocTypeReadVersion = 0x4285;

    public const uint Segment = 0x18538067;
    public const uint SeekHead = 0x114D9B74;
    public const uint Seek = 0x4DBB;
    public const uint SeekId = 0x53AB;
    public const uint SeekPosition = 0x53AC;
    public const uint Chapters = 0x1043A770;
    public const uint Attachments = 0x1941A469;

    public const uint Info = 0x1549A966;
    public const uint TimestampScale = 0x2AD7B1;
    public const uint Duration = 0x4489;
    public const uint Title = 0x7BA9;
    public const uint MuxingApp = 0x4D80;
    public const uint WritingApp = 0x5741;

    public const uint Tracks = 0x1654AE6B;
    public const uint TrackEntry = 0xAE;
    public const uint TrackNumber = 0xD7;
    public const uint TrackUid = 0x73C5;
    public const uint TrackType = 0x83;
    public const uint FlagLacing = 0x9C;
    public const uint Language = 0x22B59C;
    public const uint CodecId = 0x86;
    public const uint CodecPrivate = 0x63A2;
    public const uint CodecDelay = 0x56AA;
    public const uint SeekPreRoll = 0x56BB;
    public const uint Audio = 0xE1;
    public const uint SamplingFrequency = 0xB5;
    public const uint Channels = 0x9F;
    public const uint ContentEncodings = 0x6D80;
    public const uint ContentEncoding = 0x6240;
    public const uint ContentEncodingScope = 0x5032;
    public const uint ContentEncodingType = 0x5033;
    public const uint ContentCompression = 0x5034;
    public const uint ContentCompAlgo = 0x4254;
    public const uint ContentCompSettings = 0x4255;

    public const uint Tags = 0x1254C367;
    public const uint Tag = 0x7373;
    public const uint Targets = 0x63C0;
    public const uint TagTrackUid = 0x63C5;
    public const uint TagEditionUid = 0x63C9;
    public const uint TagChapterUid = 0x63C4;
    public const uint TagAttachmentUid = 0x63C6;
    public const uint SimpleTag = 0x67C8;
    public const uint TagName = 0x45A3;
    public const uint TagString = 0x4487;

    public const uint Cluster = 0x1F43B675;
    public const uint Timestamp = 0xE7;
    public const uint SilentTracks = 0x5854;
    public const uint Position = 0xA7;
    public const uint PrevSize = 0xAB;
    public const uint SimpleBlock = 0xA3;
    public const uint BlockGroup = 0xA0;
    public const uint Block = 0xA1;
    public const uint BlockDuration = 0x9B;
    public const uint DiscardPadding = 0x75A2;
    public const uint EncryptedBlock = 0xAF;

    public const uint Cues = 0x1C53BB6B;
    public const uint CuePoint = 0xBB;
    public const uint CueTime = 0xB3;
    public const uint CueTrackPositions = 0xB7;
    public const uint CueTrack = 0xF7;
    public const uint CueClusterPosition = 0xF1;

    /// <summary>Whether an element may stand anywhere (RFC 8794 §11.3).</summary>
    public static bool IsGlobal(uint id) => id is Void or Crc32;

    /// <summary>Whether an element stands outside of every other: a new document or segment begins with it.</summary>
    public static bool IsRoot(uint id) => id is Ebml or Segment;

    /// <summary>Whether an element is a direct child of the segment; such IDs are long enough to be told from data.</summary>
    public static bool IsTopLevel(uint id) =>
        id is SeekHead or Info or Tracks or Chapters or Cluster or Cues or Attachments or Tags;

    /// <summary>Whether an element is a direct child of a cluster.</summary>
    public static bool IsInCluster(uint id) =>
        id is Timestamp or SimpleBlock or BlockGroup or Position or PrevSize or SilentTracks or EncryptedBlock;

    /// <summary>Names an element in messages.</summary>
    public static string NameOf(uint id) => id switch
    {
        Ebml => "EBML header",
        Segment => "Segment",
        SeekHead => "SeekHead",
        Info => "Info",
        Tracks => "Tracks",
        TrackEntry => "TrackEntry",
        Tags => "Tags",
        Cluster => "Cluster",
        BlockGroup => "BlockGroup",
        SimpleBlock => "SimpleBlock",
        Block => "Block",
        Cues => "Cues",
        Chapters => "Chapters",
        Attachments => "Attachments",
        Void => "Void",
        _ => $"element {id:X}",
    };
}
