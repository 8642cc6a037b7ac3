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

    /// <summary>What is to be read begins where there is nothing any more.</summary>
    /// <param name="end">Where the message ends, if that is known.</param>
    /// <param name="from">Where to begin.</param>
    /// <param name="inner">What has told so.</param>
    public static VoiceFormatException EndsBefore(TimeSpan? end, TimeSpan from, Exception? inner = null)
    {
        var message = end is { } known
            ? $"The message ends at {Printable.ExactTime(known)}: there is nothing from {Printable.ExactTime(from)} on."
            : $"The message ends before {Printable.ExactTime(from)}.";
        return new VoiceFormatException(message, innerException: inner);
    }

    public static InputException CannotWrite(string name, Exception exception)
    {
        // The system's own text names the temporary file.
        var reason = exception switch
        {
            DirectoryNotFoundException => "no such folder",
            FileNotFoundException => "no file can be made there",
            _ => exception.Message.Split(" : '")[0],
        };
        return new InputException($"{name}: cannot be written: {reason}", exception);
    }
}
