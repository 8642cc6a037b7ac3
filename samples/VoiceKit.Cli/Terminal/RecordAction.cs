namespace VoiceKit.Cli.Terminal;

/// <summary>What a key asks of a recording.</summary>
internal enum RecordAction
{
    None,
    PauseOrResume,
    Listen,
    Send,
    Delete,
    Quit,
}
