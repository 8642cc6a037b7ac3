using VoiceKit.IO;

namespace VoiceKit.Cli;

/// <summary>
/// An output: a file that appears whole or not at all, stdout for <c>-</c>, or a device or pipe, which is written as it is.
/// </summary>
internal sealed class Output : IDisposable
{
    private readonly Lock _gate = new();
    private readonly string _name;
    private readonly AtomicFile? _file;
    private readonly CancellationTokenRegistration _registration;
    private bool _isAbandoned;

    /// <summary>Opens the output.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="cancellationToken">
    /// Takes a half-written file away at once: a program that waits for its input may be ended before it sees the token.
    /// </param>
    public Output(string path, CancellationToken cancellationToken)
    {
        _name = path == "-" ? "stdout" : path;
        Replacing.Check(path);
        try
        {
            var direct = path == "-" ? Console.OpenStandardOutput() : OpenDevice(path);
            _file = direct is null ? new AtomicFile(path) : null;
            Stream = new NamedStream(direct ?? _file!.Stream, _name);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw InputException.CannotWrite(_name, exception);
        }

        _registration = cancellationToken.Register(Abandon);
    }

    public Stream Stream { get; }

    public bool CanSeek => _file is not null;

    public void Commit()
    {
        lock (_gate)
        {
            if (_isAbandoned)
                throw new OperationCanceledException("The output was closed.");
            try
            {
                Stream.Flush();
                _file?.Commit();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw InputException.CannotWrite(_name, exception);
            }
        }
    }

    public void Dispose()
    {
        _registration.Dispose();
        Abandon();
        if (_file is null)
            Stream.Dispose();
    }

    private void Abandon()
    {
        lock (_gate)
        {
            _isAbandoned = true;
            _file?.Dispose();
        }
    }

    /// <summary>Whether a path is a device or a named pipe, which is written as it is.</summary>
    public static bool IsDevice(string path) =>
        Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal)
        || (!OperatingSystem.IsWindows() && new FileInfo(path) is { Exists: true, Length: 0 } file && !IsRegular(file));

    // The mode of a file does not tell its kind in .NET; a regular one can be opened for both.
    private static bool IsRegular(FileInfo file)
    {
        try
        {
            using var handle = File.OpenHandle(
                file.FullName, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            return RandomAccess.GetLength(handle) == 0;
        }
        catch (Exception exception) when (exception is NotSupportedException or IOException or UnauthorizedAccessException)
        {
            return exception is not NotSupportedException;
        }
    }

    // Renaming over /dev/null or a named pipe would replace it.
    private static FileStream? OpenDevice(string path)
    {
        if (!File.Exists(path))
            return null;
        var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        if (!stream.CanSeek || Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal))
            return stream;
        stream.Dispose();
        return null;
    }
}
