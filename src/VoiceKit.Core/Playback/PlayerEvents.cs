using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace VoiceKit.Playback;

/// <summary>
/// Tells what a player does, in order and from a task of its own, so that who listens holds up nobody but later news.
/// </summary>
internal sealed class PlayerEvents
{
    private readonly object _gate = new();
    private readonly EventPump _pump;
    private readonly List<Channel<PlaybackProgress>> _watchers = [];
    private readonly Func<PlaybackProgress> _now;
    private readonly Action<PlaybackProgress> _onState;
    private readonly Action<PlaybackProgress> _onPosition;
    private int _positionsWaiting;
    private bool _isComplete;

    /// <param name="now">Gives the present.</param>
    /// <param name="onState">Raises the event for states.</param>
    /// <param name="onPosition">Raises the event for positions.</param>
    public PlayerEvents(Func<PlaybackProgress> now, Action<PlaybackProgress> onState, Action<PlaybackProgress> onPosition)
    {
        _now = now;
        _onState = onState;
        _onPosition = onPosition;
        _pump = new EventPump(EndWatchers);
    }

    /// <summary>Tells a state.</summary>
    public void PostState(PlaybackProgress progress) => _pump.Post(() => Tell(progress, _onState));

    /// <summary>Tells the position, as it is when its turn comes.</summary>
    public void PostPosition()
    {
        if (Interlocked.Exchange(ref _positionsWaiting, 1) == 0)
            _pump.Post(TellPosition);
    }

    /// <summary>Ends it, once all is told.</summary>
    public void Complete() => _pump.Complete();

    public async IAsyncEnumerable<PlaybackProgress> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var watcher = Channel.CreateBounded<PlaybackProgress>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        watcher.Writer.TryWrite(_now());
        lock (_gate)
        {
            if (_isComplete)
                watcher.Writer.Complete();
            else
                _watchers.Add(watcher);
        }

        try
        {
            await foreach (var progress in watcher.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                yield return progress;
        }
        finally
        {
            lock (_gate)
                _watchers.Remove(watcher);
        }
    }

    private void TellPosition()
    {
        Volatile.Write(ref _positionsWaiting, 0);
        Tell(_now(), _onPosition);
    }

    private void Tell(PlaybackProgress progress, Action<PlaybackProgress> handler)
    {
        lock (_gate)
        {
            foreach (var watcher in _watchers)
                watcher.Writer.TryWrite(progress);
        }

        handler(progress);
    }

    private void EndWatchers()
    {
        lock (_gate)
        {
            _isComplete = true;
            foreach (var watcher in _watchers)
                watcher.Writer.Complete();
        }
    }
}
