using System.Runtime.ExceptionServices;
using System.Threading.Channels;

namespace VoiceKit.Playback;

/// <summary>Calls handlers one after the other from a task of its own, so that who posts never waits for them.</summary>
internal sealed class EventPump
{
    private readonly Channel<Action> _news = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });

    /// <param name="onComplete">Called after all else.</param>
    public EventPump(Action? onComplete = null) => _ = Task.Run(() => RunAsync(onComplete));

    /// <summary>Has something told; nothing after <see cref="Complete"/>.</summary>
    public void Post(Action tell) => _news.Writer.TryWrite(tell);

    /// <summary>Ends it, once all is told.</summary>
    public void Complete() => _news.Writer.TryComplete();

    private async Task RunAsync(Action? onComplete)
    {
        await foreach (var tell in _news.Reader.ReadAllAsync().ConfigureAwait(false))
            Raise(tell);
        onComplete?.Invoke();
    }

    // What a handler throws is the app's to see, as with a timer, and no reason to tell nothing more.
    private static void Raise(Action tell)
    {
        try
        {
            tell();
        }
        catch (Exception e)
        {
            var thrown = ExceptionDispatchInfo.Capture(e);
            ThreadPool.UnsafeQueueUserWorkItem(static thrown => thrown.Throw(), thrown, preferLocal: false);
        }
    }
}
