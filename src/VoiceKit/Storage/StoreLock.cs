namespace VoiceKit.Storage;

/// <summary>
/// Lets one at a time, of all threads and processes, change a store's folder. The system frees the lock of a process that ends.
/// </summary>
internal sealed class StoreLock(string path)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly object _gate = new();

    /// <summary>Waits for the lock, which is given back by disposing it.</summary>
    /// <exception cref="IOException">It was not to be had for a minute, or the file cannot be made.</exception>
    public Held Take(CancellationToken cancellationToken)
    {
        Monitor.Enter(_gate);
        try
        {
            return new Held(this, Open(cancellationToken));
        }
        catch
        {
            Monitor.Exit(_gate);
            throw;
        }
    }

    private FileStream Open(CancellationToken cancellationToken)
    {
        var options = StoreFolder.PrivateFile(FileMode.OpenOrCreate);
        options.Share = FileShare.None;
        var start = Environment.TickCount64;
        for (var attempt = 0; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return new FileStream(path, options);
            }
            catch (IOException exception) when (exception is not (DirectoryNotFoundException or PathTooLongException))
            {
                if (Environment.TickCount64 - start > Patience.TotalMilliseconds)
                    throw;
                Thread.Sleep(Math.Min(attempt / 4, 20));
            }
        }
    }

    /// <summary>The lock while it is held.</summary>
    public readonly struct Held(StoreLock owner, FileStream file) : IDisposable
    {
        public void Dispose()
        {
            file.Dispose();
            Monitor.Exit(owner._gate);
        }
    }
}
