namespace VoiceKit;

/// <summary>
/// A file that appears under its name whole or not at all: it is written under a temporary name in the same folder, made durable
/// and then renamed. An existing file stays as it is until then.
/// </summary>
public sealed class AtomicFile : IDisposable, IAsyncDisposable
{
    private readonly string _path;
    private readonly string _temporaryPath;
    private bool _isCommitted;

    /// <summary>Creates the temporary file.</summary>
    /// <param name="path">The name to appear under; a symbolic link is followed, so that the link stays one.</param>
    /// <exception cref="IOException">The file cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public AtomicFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var isLink = new FileInfo(path).LinkTarget is not null;
        _path = Path.GetFullPath(isLink ? File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName : path);
        if (Directory.Exists(_path))
            throw new IOException($"'{path}' is a folder.");

        var folder = Path.GetDirectoryName(_path)!;
        _temporaryPath = Path.Combine(folder, $".{Path.GetFileName(_path)}.{Path.GetRandomFileName()}");
        Stream = new FileStream(_temporaryPath, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, bufferSize: 64 * 1024);
    }

    /// <summary>What is being written; it can seek.</summary>
    public FileStream Stream { get; }

    /// <summary>Makes what was written durable and gives it its name, in place of what had it before.</summary>
    /// <exception cref="IOException">The file could not be written or renamed.</exception>
    /// <exception cref="InvalidOperationException">The file is committed already.</exception>
    public void Commit()
    {
        if (_isCommitted)
            throw new InvalidOperationException("The file is committed already.");
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
        File.Move(_temporaryPath, _path, overwrite: true);
        _isCommitted = true;
    }

    /// <summary>Closes the file, and deletes it when it was not committed.</summary>
    public void Dispose()
    {
        Stream.Dispose();
        if (!_isCommitted)
            File.Delete(_temporaryPath);
    }

    /// <summary>Closes the file, and deletes it when it was not committed.</summary>
    public async ValueTask DisposeAsync()
    {
        await Stream.DisposeAsync().ConfigureAwait(false);
        if (!_isCommitted)
            File.Delete(_temporaryPath);
    }
}
