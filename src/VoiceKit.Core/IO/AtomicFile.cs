namespace VoiceKit.IO;

/// <summary>
/// A file that appears under its name whole or not at all: it is written under a temporary name in the same folder, made durable
/// and then renamed. An existing file stays as it is until then, and passes its permissions on. What a killed process left behind
/// is deleted by the next one that begins a file in the same folder (<see cref="Leftovers"/>).
/// </summary>
internal sealed class AtomicFile : IDisposable, IAsyncDisposable
{
    /// <summary>How the names of files begin that are being written.</summary>
    public const string TemporaryPrefix = ".voicekit-";

    private readonly string _path;
    private readonly string _temporaryPath;
    private readonly FileStream _file;
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

        // The name does not grow with the target's, which may be as long as the file system takes.
        var folder = Path.GetDirectoryName(_path) ?? throw new IOException(
            $"'{path}' is not the name of a file, but of a device.");
        _temporaryPath = Path.Combine(folder, TemporaryPrefix + Path.GetRandomFileName());
        _file = new FileStream(_temporaryPath, OptionsLike(_path));
        Stream = new EarlyFlushStream(_file);
        Leftovers.SweepOnce(folder, TemporaryPrefix);
    }

    /// <summary>What is being written; it can seek. It has no buffer of its own.</summary>
    public Stream Stream { get; }

    /// <summary>
    /// Makes what was written durable and gives it its name, in place of what had it before; on return the name is durable too.
    /// </summary>
    /// <exception cref="IOException">
    /// The file could not be written or renamed; then the old one is there still. Or its name could not be flushed to the disk:
    /// then the new one is there, and a loss of power may bring the old one back.
    /// </exception>
    /// <exception cref="InvalidOperationException">The file is committed already.</exception>
    public void Commit()
    {
        if (_isCommitted)
            throw new InvalidOperationException("The file is committed already.");
        DiskFlush.File(_file);
        Stream.Dispose();
        FileReplacement.Move(_temporaryPath, _path);
        _isCommitted = true;
        DiskFlush.Folder(Path.GetDirectoryName(_path)!);
    }

    /// <summary>Does on another thread what <see cref="Commit"/> does: the disk may take its time.</summary>
    /// <inheritdoc cref="Commit"/>
    public Task CommitAsync() => Task.Run(Commit);

    /// <summary>Closes the file, and deletes it when it was not committed.</summary>
    public void Dispose()
    {
        try
        {
            Stream.Dispose();
        }
        finally
        {
            DeleteUnlessCommitted();
        }
    }

    /// <summary>Closes the file, and deletes it when it was not committed.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Stream.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            DeleteUnlessCommitted();
        }
    }

    // Without a buffer there is nothing to flush when the file is closed, and so nothing that can fail then on a full disk.
    private static FileStreamOptions OptionsLike(string existing)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Read,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows() && File.Exists(existing))
            options.UnixCreateMode = File.GetUnixFileMode(existing);
        return options;
    }

    private void DeleteUnlessCommitted()
    {
        if (!_isCommitted)
            File.Delete(_temporaryPath);
    }
}
