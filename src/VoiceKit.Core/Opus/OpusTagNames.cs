namespace VoiceKit.Opus;

/// <summary>
/// Common names of comments in OpusTags: those of RFC 7845 §5.2.1, and of the Vorbis comment specification and the practice that
/// it takes its names from.
/// </summary>
internal static class OpusTagNames
{
    /// <summary>What it is called.</summary>
    public const string Title = "TITLE";

    /// <summary>Who is to be heard: the speaker of a voice message.</summary>
    public const string Artist = "ARTIST";

    /// <summary>The collection that it belongs to.</summary>
    public const string Album = "ALBUM";

    /// <summary>Who is responsible for the collection.</summary>
    public const string AlbumArtist = "ALBUMARTIST";

    /// <summary>The number within the collection.</summary>
    public const string TrackNumber = "TRACKNUMBER";

    /// <summary>When it was recorded, in the format of ISO 8601.</summary>
    public const string Date = "DATE";

    /// <summary>The kind of audio, for example <c>Speech</c>.</summary>
    public const string Genre = "GENRE";

    /// <summary>A short text about the contents.</summary>
    public const string Description = "DESCRIPTION";

    /// <summary>Any other text.</summary>
    public const string Comment = "COMMENT";

    /// <summary>Where it was recorded.</summary>
    public const string Location = "LOCATION";

    /// <summary>The language that is spoken.</summary>
    public const string Language = "LANGUAGE";

    /// <summary>Who holds the copyright.</summary>
    public const string Copyright = "COPYRIGHT";

    /// <summary>Under which terms it may be used.</summary>
    public const string License = "LICENSE";

    /// <summary>Whom to ask about it.</summary>
    public const string Contact = "CONTACT";

    /// <summary>The program that encoded it; the library that it used is the vendor string.</summary>
    public const string Encoder = "ENCODER";

    /// <summary>The settings that the program was given.</summary>
    public const string EncoderOptions = "ENCODER_OPTIONS";

    /// <summary>
    /// The gain that makes the track as loud as others, in 1/256 dB (RFC 7845 §5.2.1); see <see cref="OpusTags.TrackGain"/>.
    /// </summary>
    public const string R128TrackGain = "R128_TRACK_GAIN";

    /// <summary>
    /// The gain that makes the album as loud as others, in 1/256 dB (RFC 7845 §5.2.1); see <see cref="OpusTags.AlbumGain"/>.
    /// </summary>
    public const string R128AlbumGain = "R128_ALBUM_GAIN";

    /// <summary>A picture: a FLAC picture block in base64; see <see cref="OpusPicture"/>.</summary>
    public const string MetadataBlockPicture = "METADATA_BLOCK_PICTURE";
}
