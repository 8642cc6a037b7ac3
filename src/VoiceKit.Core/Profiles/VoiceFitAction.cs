namespace VoiceKit.Profiles;

/// <summary>
/// What it takes to make a message fit, the cheapest first. Each but the last keeps the coded audio bit for bit.
/// </summary>
public enum VoiceFitAction
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>New headers.</summary>
    Retag,

    /// <summary>The same frames in packets of another duration.</summary>
    Repacketize,

    /// <summary>The same packets in a new container, which conforms and begins at 0.</summary>
    Remux,

    /// <summary>Decode and encode again.</summary>
    Reencode,
}
