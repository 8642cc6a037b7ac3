namespace VoiceKit.Opus;

/// <summary>What a picture shows (RFC 9639 §8.8, table 13, the types of ID3v2). Other numbers occur in files.</summary>
internal enum OpusPictureType
{
    /// <summary>Anything else.</summary>
    Other = 0,

    /// <summary>A PNG icon of 32 × 32 pixels.</summary>
    FileIcon = 1,

    /// <summary>Another icon.</summary>
    GeneralFileIcon = 2,

    /// <summary>The front cover; for a voice message the speaker's portrait.</summary>
    FrontCover = 3,

    /// <summary>The back cover.</summary>
    BackCover = 4,

    /// <summary>A page of the booklet.</summary>
    LinerNotes = 5,

    /// <summary>The label of the medium.</summary>
    MediaLabel = 6,

    /// <summary>The lead artist.</summary>
    LeadArtist = 7,

    /// <summary>The artist.</summary>
    Artist = 8,

    /// <summary>The conductor.</summary>
    Conductor = 9,

    /// <summary>The band or orchestra.</summary>
    Band = 10,

    /// <summary>The composer.</summary>
    Composer = 11,

    /// <summary>The author of the text.</summary>
    Lyricist = 12,

    /// <summary>The place of the recording.</summary>
    RecordingLocation = 13,

    /// <summary>A picture of the recording being made.</summary>
    DuringRecording = 14,

    /// <summary>A picture of the performance.</summary>
    DuringPerformance = 15,

    /// <summary>A picture of a film or video.</summary>
    ScreenCapture = 16,

    /// <summary>A bright coloured fish.</summary>
    BrightColouredFish = 17,

    /// <summary>An illustration.</summary>
    Illustration = 18,

    /// <summary>The logo of the artist.</summary>
    ArtistLogo = 19,

    /// <summary>The logo of the publisher or studio.</summary>
    PublisherLogo = 20,
}
