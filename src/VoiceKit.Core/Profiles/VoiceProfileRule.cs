namespace VoiceKit.Profiles;

/// <summary>What a finding of <see cref="VoiceProfile.Check"/> is about.</summary>
public enum VoiceProfileRule
{
    /// <summary>The platform's voice messages are not Opus.</summary>
    Codec,

    /// <summary>Nothing is heard.</summary>
    Empty,

    /// <summary>The message is longer than the platform's.</summary>
    Duration,

    /// <summary>The rate in the identification header.</summary>
    HeaderRate,

    /// <summary>The vendor or the comments.</summary>
    Tags,

    /// <summary>How many frames a packet has, and how it counts them.</summary>
    PacketShape,

    /// <summary>The file breaks RFC 7845, is damaged, or does not begin at 0.</summary>
    Container,

    /// <summary>The file is several streams, one behind the other.</summary>
    Chain,

    /// <summary>The number of channels.</summary>
    Channels,

    /// <summary>The duration of a frame.</summary>
    FrameDuration,

    /// <summary>The audio bandwidth.</summary>
    Bandwidth,

    /// <summary>The file is larger than the platform takes.</summary>
    Size,

    /// <summary>The file is larger than what the platform shows with a play button.</summary>
    PlayableSize,

    /// <summary>The gain in the identification header, for which the platform's container has no place.</summary>
    Gain,

    /// <summary>The pre-skip in the identification header.</summary>
    PreSkip,
}
