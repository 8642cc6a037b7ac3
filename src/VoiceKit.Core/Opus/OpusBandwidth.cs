namespace VoiceKit.Opus;

/// <summary>The audio bandwidth of a packet (RFC 6716 §2.1.3, table 1).</summary>
public enum OpusBandwidth
{
    /// <summary>4 kHz.</summary>
    Narrowband,

    /// <summary>6 kHz.</summary>
    Mediumband,

    /// <summary>8 kHz.</summary>
    Wideband,

    /// <summary>12 kHz.</summary>
    Superwideband,

    /// <summary>20 kHz.</summary>
    Fullband,
}
