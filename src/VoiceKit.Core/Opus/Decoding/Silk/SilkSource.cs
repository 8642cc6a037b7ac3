namespace VoiceKit.Opus.Decoding.Silk;

/// <summary>Where the audio of a SILK frame comes from.</summary>
internal enum SilkSource
{
    /// <summary>The regular frames of a packet (RFC 6716 §4.2.6).</summary>
    Regular,

    /// <summary>
    /// The redundant frames of a packet, which repeat the packet before at a low bitrate (LBRR, RFC 6716 §4.2.5).
    /// </summary>
    Redundant,

    /// <summary>Nothing came: it is concealed (RFC 6716 §4.4).</summary>
    Lost,
}
