namespace VoiceKit.Cli;

/// <summary>An input or output that cannot be used, with its name and, for bad bytes, where they are.</summary>
internal sealed class InputException(string message, Exception? inner = null) : Exception(message, inner)
{
    public static InputException From(string name, Exception exception) => exception switch
    {
        VoiceFormatException { Offset: >= 0 } bad => new($"{name}: {bad.Message} (at byte {bad.Offset})", bad),
        FileNotFoundException or DirectoryNotFoundException => new($"{name}: no such file", exception),
        UnauthorizedAccessException => new($"{name}: cannot be read", exception),
        _ => new($"{name}: {exception.Message}", exception),
    };

    public static InputException CannotWrite(string name, Exception exception)
    {
        // The system's own text names the temporary file behind " : ".
        var reason = exception is DirectoryNotFoundException ? "no such folder" : exception.Message.Split(" : '")[0];
        return new InputException($"{name}: cannot be written: {reason}", exception);
    }
}
