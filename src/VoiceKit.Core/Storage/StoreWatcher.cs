namespace VoiceKit.Storage;

/// <summary>Tells of changes in a store's folders, once for all that come close together. Watches only while someone listens.</summary>
internal sealed class StoreWatcher : IDisposable
{
    private readonly object _gate = new();
    private readonly object _sender;
    private readonly StoreFolder _folder;
    private readonly TimeSpan _delay;
    private readonly ITimer _timer;
    private readonly List<FileSystemWatcher> _watchers = [];
    private EventHandler? _handlers;
    private bool _isDue;
    private bool _isDisposed;

    public StoreWatcher(object sender, StoreFolder folder, VoiceMessageStoreOptions options)
    {
        _sender = sender;
        _folder = folder;
        _delay = options.ChangeDelay;
        _timer = options.Clock.CreateTimer(_ => Raise(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
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

        handlers?.Invoke(_sender, EventArgs.Empty);
    }

    private void Watch()
    {
        _folder.Ensure();
        try
        {
            foreach (var direction in StoreFolder.Directions)
                _watchers.Add(WatchOne(_folder[direction]));
        }
        catch
        {
            StopWatching();
            throw;
        }
    }

    private FileSystemWatcher WatchOne(string path)
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

    private void StopWatching()
    {
        foreach (var watcher in _watchers)
            watcher.Dispose();
        _watchers.Clear();
    }
}
