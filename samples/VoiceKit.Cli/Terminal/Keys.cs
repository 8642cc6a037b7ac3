namespace VoiceKit.Cli.Terminal;

/// <summary>
/// What keys mean. Letters count as they are written, on whatever keyboard; with Control or Alt they mean nothing.
/// </summary>
internal static class Keys
{
    public static RecordCommand ToRecordCommand(ConsoleKeyInfo key) => Name(key) switch
    {
        ' ' => RecordCommand.PauseOrResume,
        'p' => RecordCommand.Listen,
        '\n' => RecordCommand.Send,
        'd' => RecordCommand.Delete,
        _ => RecordCommand.None,
    };

    public static PlayCommand ToPlayCommand(ConsoleKeyInfo key) => key.Key switch
    {
        ConsoleKey.LeftArrow => PlayCommand.Back,
        ConsoleKey.RightArrow => PlayCommand.Forward,
        ConsoleKey.Home => PlayCommand.ToStart,
        ConsoleKey.Escape => PlayCommand.Quit,
        _ => Name(key) switch
        {
            ' ' => PlayCommand.PauseOrResume,
            's' => PlayCommand.NextSpeed,
            'n' => PlayCommand.NextMessage,
            'b' => PlayCommand.PreviousMessage,
            'q' => PlayCommand.Quit,
            _ => PlayCommand.None,
        },
    };

    // Enter comes as a carriage return or as a line feed, by the terminal's settings.
    private static char Name(ConsoleKeyInfo key)
    {
        if (key.Key == ConsoleKey.Enter || key.KeyChar is '\r' or '\n')
            return '\n';
        var isPlain = (key.Modifiers & (ConsoleModifiers.Control | ConsoleModifiers.Alt)) == 0;
        return isPlain ? char.ToLowerInvariant(key.KeyChar) : '\0';
    }
}
