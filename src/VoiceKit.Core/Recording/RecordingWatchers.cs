using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace VoiceKit.Recording;

/// <summary>Those who watch a recording: each has a channel of its own.</summary>
internal sealed class RecordingWatchers
{
    private readonly object _gate = new();
    private Channel<RecordingProgress>[] _channels = [];
    private bool _isComplete;

    /// <summary>Adds a watcher, who is told of the progress until there is no more.</summary>
    public async IAsyncEnumerable<RecordingProgress> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<RecordingProgress>(
            new BoundedChannelOptions(8) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        if (!TryAdd(channel))
            yield break;
        try
        {
            await foreach (var progress in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                yield return progress;
        }
        finally
        {
            Remove(channel);
        }
    }

    public void Tell(RecordingProgress progress)
    {
        foreach (var channel in Volatile.Read(ref _channels))
            channel.Writer.TryWrite(progress);
    }

    public void Complete()
    {
        lock (_gate)
        {
            _isComplete = true;
            foreach (var channel in _channels)
                channel.Writer.TryComplete();
        }
    }

    private bool TryAdd(Channel<RecordingProgress> channel)
    {
        lock (_gate)
        {
            if (_isComplete)
                return false;
            _channels = [.. _channels, channel];
            return true;
        }
    }

    private void Remove(Channel<RecordingProgress> channel)
    {
        lock (_gate)
            _channels = Array.FindAll(_channels, other => other != channel);
    }
}
