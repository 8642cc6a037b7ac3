namespace VoiceKit.Cli.Terminal;

/// <summary>
/// What keys mean. Letters count as they are written, on whatever keyboard; with Control or Alt they mean nothing.
/// </summary>
internal static class Keys
{
    public static RecordAction ToRecordAction(
        ConsoleKeyInfo key) => key.Key == ConsoleKey.Escape ? RecordAction.Quit : Name(key) switch
    {
        ' ' => RecordAction.PauseOrResume,
        'p' => RecordAction.Listen,
        '\n' => RecordAction.Send,
        'd' => RecordAction.Delete,
        'q' => RecordAction.Quit,
        _ => RecordAction.None,
    };

    public static PlayAction ToPlayAction(ConsoleKeyInfo key) => key.Key switch
    {
        ConsoleKey.LeftArrow => PlayAction.Back,
        ConsoleKey.RightArrow => PlayAction.Forward,
        ConsoleKey.Home => PlayAction.ToStart,
        ConsoleKey.Escape => PlayAction.Quit,
        _ => Name(key) switch
        {
            ' ' => PlayAction.PauseOrResume,
            's' => PlayAction.NextSpeed,
            'n' => PlayAction.NextMessage,
            'b' => PlayAction.PreviousMessage,
            'q' => PlayAction.Quit,
            _ => PlayAction.None,
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
