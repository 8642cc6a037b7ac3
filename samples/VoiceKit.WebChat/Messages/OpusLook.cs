namespace VoiceKit.WebChat.Messages;

/// <summary>What is looked at to know a recording.</summary>
internal static class OpusLook
{
    /// <summary>How many of a file's first bytes tell its container.</summary>
    public const int Size = 12;
}
