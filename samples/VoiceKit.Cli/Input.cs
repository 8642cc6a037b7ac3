namespace VoiceKit.Cli;

/// <summary>An input: a file, or stdin for <c>-</c>. Whatever goes wrong while it is read is told with its name.</summary>
internal static class Input
{
    public static string NameOf(string path) => path == "-" ? "stdin" : path;

    /// <summary>Opens the input.</summary>
    public static Stream Open(string path)
    {
        try
        {
            var stream = path == "-"
                ? Console.OpenStandardInput()
                : new FileStream(
                    path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.SequentialScan);
            return new NamedStream(stream, NameOf(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw InputException.From(NameOf(path), exception);
        }
    }

    /// <summary>Opens the input and works on it.</summary>
    public static T Read<T>(string path, Func<Stream, T> work)
    {
        using (var named = Open(path))
        {
            try
            {
                return work(named);
            }
            catch (VoiceFormatException exception)
            {
                throw InputException.From(NameOf(path), exception);
            }
        }
    }
}
