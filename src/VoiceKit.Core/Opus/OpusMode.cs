namespace VoiceKit.Opus;

/// <summary>The coding mode of a packet (RFC 6716 §2).</summary>
public enum OpusMode
{
    /// <summary>Linear prediction, for speech up to wideband.</summary>
    Silk,

    /// <summary>SILK below 8 kHz and CELT above.</summary>
    Hybrid,

    /// <summary>MDCT, for music and for speech at high bitrates.</summary>
    Celt,
}
