using System.Threading.Channels;

namespace VoiceKit.Recording;

/// <summary>Those who watch a recording: each has a channel of its own.</summary>
internal sealed class RecordingWatchers
{
    private readonly object _gate = new();
    private Channel<RecordingProgress>[] _channels = [];
    private bool _isComplete;

    /// <summary>Adds one; false when there is nothing more to tell.</summary>
    public bool TryAdd(Channel<RecordingProgress> channel)
    {
        lock (_gate)
        {
            if (_isComplete)
                return false;
            _channels = [.. _channels, channel];
            return true;
        }
    }

    public void Remove(Channel<RecordingProgress> channel)
    {
        lock (_gate)
            _channels = Array.FindAll(_channels, other => other != channel);
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
}
