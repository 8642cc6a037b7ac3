using Microsoft.Win32.SafeHandles;

namespace VoiceKit.Storage;

/// <summary>
/// Lets one at a time, of all threads and processes, change a store's folder. The system frees the lock of a process that ends.
/// </summary>
internal sealed class StoreLock(string path, TimeSpan patience)
{
    // What opening a file gives that another has locked: EWOULDBLOCK on Linux and on BSD and macOS; sharing and lock violations.
    private const int LinuxWouldBlock = 11;
    private const int BsdWouldBlock = 35;
    private const int SharingViolation = unchecked((int)0x80070020);
    private const int LockViolation = unchecked((int)0x80070021);

    // In milliseconds.
    private const int MaxPause = 20;

    private readonly object _gate = new();

    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Waits for the lock, which is given back by disposing it.</summary>
    /// <exception cref="IOException">
    /// Another process did not give it back in time, or the file cannot be opened or made.
    /// </exception>
    public Held Take(CancellationToken cancellationToken)
    {
        Enter(cancellationToken);
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

    /// <summary>
    /// Waits for the lock to read only. In a folder that cannot be written it is taken among this process' threads alone: nobody
    /// changes the folder, or whoever may change it does not hear of those who read.
    /// </summary>
    /// <exception cref="IOException">
    /// Another process did not give it back in time, or the file cannot be opened or made.
    /// </exception>
    public Held TakeToRead(CancellationToken cancellationToken)
    {
        Enter(cancellationToken);
        try
        {
            return new Held(this, Open(cancellationToken));
        }
        catch (Exception exception) when (StoreDisk.IsReadOnly(exception))
        {
            return new Held(this, null);
        }
        catch
        {
            Monitor.Exit(_gate);
            throw;
        }
    }

    /// <summary>Waits for the lock among this process' threads alone.</summary>
    public Held TakeAmongThreads(CancellationToken cancellationToken)
    {
        Enter(cancellationToken);
        return new Held(this, null);
    }

    /// <summary>Whether opening a file has failed because another has locked it, and may go well the next time.</summary>
    public static bool IsBusy(IOException exception) => OperatingSystem.IsWindows()
        ? exception.HResult is SharingViolation or LockViolation
        : exception.HResult == (OperatingSystem.IsLinux() || OperatingSystem.IsAndroid() ? LinuxWouldBlock : BsdWouldBlock);

    private void Enter(CancellationToken cancellationToken)
    {
        while (!Monitor.TryEnter(_gate, MaxPause))
            cancellationToken.ThrowIfCancellationRequested();
    }

    private SafeFileHandle Open(CancellationToken cancellationToken)
    {
        var start = Environment.TickCount64;
        for (var attempt = 0; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return OpenFile();
            }
            catch (IOException exception) when (IsBusy(exception))
            {
                if (Environment.TickCount64 - start > patience.TotalMilliseconds)
                    throw new IOException(
                        $"Another process has had the lock '{path}' for {patience.TotalSeconds:0.##} s.", exception);
                Thread.Sleep(Math.Min(attempt / 4, MaxPause));
            }
        }
    }

    // A file that is there is opened without the options that making it takes.
    private SafeFileHandle OpenFile()
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (FileNotFoundException)
        {
            var options = StoreDisk.PrivateFile(FileMode.OpenOrCreate);
            options.Share = FileShare.None;
            using (new FileStream(path, options))
            {
            }

            return File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
    }

    /// <summary>The lock while it is held.</summary>
    public readonly struct Held(StoreLock owner, SafeFileHandle? file) : IDisposable
    {
        public void Dispose()
        {
            file?.Dispose();
            Monitor.Exit(owner._gate);
        }
    }
}
