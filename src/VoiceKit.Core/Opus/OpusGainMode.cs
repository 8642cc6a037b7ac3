namespace VoiceKit.Opus;

/// <summary>Which gains a reader applies to what it decodes.</summary>
internal enum OpusGainMode
{
    /// <summary>The output gain of the header (RFC 7845 §5.1): what players are to do.</summary>
    Header,

    /// <summary>
    /// The header's and that of R128_TRACK_GAIN (§5.2.1), which brings a message to −23 LUFS; without the tag the header's.
    /// </summary>
    Track,

    /// <summary>The header's and that of R128_ALBUM_GAIN, or else of R128_TRACK_GAIN (§5.2.1).</summary>
    Album,

    /// <summary>None: the samples as they were coded.</summary>
    None,
}
