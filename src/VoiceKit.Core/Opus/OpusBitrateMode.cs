namespace VoiceKit.Opus;

/// <summary>How closely packets keep to the target bitrate (RFC 6716 §2.1.8).</summary>
public enum OpusBitrateMode
{
    /// <summary>Variable: the bitrate follows what the audio needs. The best quality for its size.</summary>
    Variable,

    /// <summary>Variable within one frame's worth of buffering at the target bitrate.</summary>
    ConstrainedVariable,

    /// <summary>Constant: every packet has the same size. For ciphers whose packet sizes must not betray what is said.</summary>
    Constant,
}
