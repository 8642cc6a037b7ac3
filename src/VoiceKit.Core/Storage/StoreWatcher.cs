using VoiceKit.Diagnostics;

namespace VoiceKit.Storage;

/// <summary>
/// Tells of changes in a store's folders, once for all that come close together. Watches only while someone listens.
/// </summary>
internal sealed class StoreWatcher : IDisposable
{
    private readonly object _gate = new();
    private readonly object _sender;
    private readonly StoreFolder _folder;
    private readonly TimeSpan _delay;
    private readonly ITimer _timer;
    private readonly Action<Exception> _fail;
    private readonly List<FileSystemWatcher> _watchers = [];
    private EventHandler? _handlers;
    private bool _isDue;
    private bool _isDisposed;

    /// <summary>Watches nothing yet.</summary>
    /// <param name="sender">Whose event it is.</param>
    /// <param name="folder">The folders.</param>
    /// <param name="options">The clock and the delay.</param>
    /// <param name="fail">Hears why the folders cannot be watched any more.</param>
    public StoreWatcher(object sender, StoreFolder folder, VoiceMessageStoreOptions options, Action<Exception> fail)
    {
        _sender = sender;
        _folder = folder;
        _delay = options.ChangeDelay;
        _fail = fail;
        _timer = options.Clock.CreateTimer(_ => Raise(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        folder.Made = Rearm;
    }

    public void Add(EventHandler? handler)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, _sender);
            if (_watchers.Count == 0)
                Watch();
            _handlers += handler;
        }
    }

    public void Remove(EventHandler? handler)
    {
        lock (_gate)
        {
            _handlers -= handler;
            if (_handlers is null)
                StopWatching();
        }
    }

    /// <summary>Says that something changed. The event comes after the delay, which later changes do not make longer.</summary>
    public void Tell()
    {
        lock (_gate)
        {
            if (_isDue || _isDisposed || _handlers is null)
                return;
            _isDue = true;
            _timer.Change(_delay, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            StopWatching();
            _timer.Dispose();
        }
    }

    private void Raise()
    {
        EventHandler? handlers;
        lock (_gate)
        {
            _isDue = false;
            handlers = _isDisposed ? null : _handlers;
        }

        AppHandlers.Raise(handlers, _sender, nameof(VoiceMessageStore.Changed));
    }

    private void Watch()
    {
        if (!StoreFolder.Directions.All(direction => Directory.Exists(_folder[direction])))
            _folder.Ensure();
        try
        {
            _watchers.Add(WatchRoot());
            foreach (var direction in StoreFolder.Directions)
                _watchers.Add(WatchFiles(_folder[direction]));
        }
        catch
        {
            StopWatching();
            throw;
        }
    }

    private FileSystemWatcher WatchFiles(string path)
    {
        var watcher = new FileSystemWatcher(path)
        {
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.Size,
        };
        watcher.Created += (_, _) => Tell();
        watcher.Deleted += (_, _) => Tell();
        watcher.Changed += (_, _) => Tell();
        watcher.Renamed += (_, _) => Tell();

        // Too many changes at once: some were not told, but that there were some is all that is asked.
        watcher.Error += (_, _) => Tell();
        watcher.EnableRaisingEvents = true;
        return watcher;
    }

    // A folder that was deleted and made anew, or that another one took the place of, is another folder to the system.
    private FileSystemWatcher WatchRoot()
    {
        var watcher = new FileSystemWatcher(_folder.Root) { NotifyFilter = NotifyFilters.DirectoryName };
        watcher.Created += (_, _) => Rearm();
        watcher.Renamed += (_, _) => Rearm();
        watcher.Deleted += (_, _) => Tell();
        watcher.Error += (_, _) => Tell();
        watcher.EnableRaisingEvents = true;
        return watcher;
    }

    private void Rearm()
    {
        lock (_gate)
        {
            if (_isDisposed || _handlers is null)
                return;
            StopWatching();
            try
            {
                _watchers.Add(WatchRoot());
                foreach (var direction in StoreFolder.Directions)
                {
                    if (Directory.Exists(_folder[direction]))
                        _watchers.Add(WatchFiles(_folder[direction]));
                }
            }
            catch (Exception exception) when (exception is IOException or ArgumentException)
            {
                // The folder went away again, and is watched when it is made.
                if (exception is IOException)
                    _fail(exception);
            }
        }

        // What came before it was watched.
        Tell();
    }

    private void StopWatching()
    {
        foreach (var watcher in _watchers)
            watcher.Dispose();
        _watchers.Clear();
    }
}
