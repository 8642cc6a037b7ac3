namespace VoiceKit.Importing;

/// <summary>How sound becomes a message.</summary>
public enum VoiceImportAction
{
    /// <summary>The Ogg Opus file is the message, byte for byte.</summary>
    Take,

    /// <summary>The Opus packets are the message's, bit for bit; what is around them is made anew.</summary>
    Copy,

    /// <summary>The sound is decoded and encoded.</summary>
    Encode,
}
