using System.Threading.Channels;

namespace VoiceKit.Playback;

/// <summary>Raises events one after the other from a task of its own, so that who posts never waits for a handler.</summary>
internal sealed class EventPump
{
    private readonly Channel<Action> _events = Channel.CreateUnbounded<Action>(
        new UnboundedChannelOptions { SingleReader = true });

    /// <param name="onComplete">Called after all else.</param>
    public EventPump(Action? onComplete = null) => _ = Task.Run(() => RunAsync(onComplete));

    /// <summary>Has an event raised; does nothing after <see cref="Complete"/>.</summary>
    /// <param name="raise">Raises it by <see cref="Diagnostics.AppHandlers"/>, so it does not throw.</param>
    public void Post(Action raise) => _events.Writer.TryWrite(raise);

    /// <summary>Ends it, once all events are raised.</summary>
    public void Complete() => _events.Writer.TryComplete();

    private async Task RunAsync(Action? onComplete)
    {
        await foreach (var raise in _events.Reader.ReadAllAsync().ConfigureAwait(false))
            raise();
        onComplete?.Invoke();
    }
}
