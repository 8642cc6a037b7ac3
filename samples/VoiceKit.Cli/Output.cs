namespace VoiceKit.Cli;

/// <summary>
/// An output: a file that appears whole or not at all, stdout for <c>-</c>, or a device or pipe, which is written as it is.
/// </summary>
internal sealed class Output : IDisposable
{
    private readonly AtomicFile? _file;
    private readonly CancellationTokenRegistration _registration;

    /// <summary>Opens the output.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="cancellationToken">
    /// Takes a half-written file away at once: a program that waits for its input may be ended before it sees the token.
    /// </param>
    public Output(string path, CancellationToken cancellationToken)
    {
        try
        {
            var direct = path == "-" ? Console.OpenStandardOutput() : OpenDevice(path);
            _file = direct is null ? new AtomicFile(path) : null;
            Stream = direct ?? _file!.Stream;
            _registration = cancellationToken.Register(() => _file?.Dispose());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var reason = exception is DirectoryNotFoundException ? "no such folder" : exception.Message;
            throw new InputException($"{path}: cannot be written: {reason}", exception);
        }
    }

    public Stream Stream { get; }

    public bool CanSeek => _file is not null;

    public void Commit()
    {
        if (_file is not null)
            _file.Commit();
        else
            Stream.Flush();
    }

    public void Dispose()
    {
        _registration.Dispose();
        if (_file is not null)
            _file.Dispose();
        else
            Stream.Dispose();
    }

    // Renaming over /dev/null or a named pipe would replace it.
    private static FileStream? OpenDevice(string path)
    {
        if (!File.Exists(path))
            return null;
        var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        if (!stream.CanSeek || Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal))
            return stream;
        stream.Dispose();
        return null;
    }
}
