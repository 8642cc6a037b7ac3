namespace VoiceKit.Cli.Terminal;

/// <summary>What a key asks of a player.</summary>
internal enum PlayAction
{
    None,
    PauseOrResume,
    Back,
    Forward,
    ToStart,
    NextSpeed,
    NextMessage,
    PreviousMessage,
    Quit,
}
