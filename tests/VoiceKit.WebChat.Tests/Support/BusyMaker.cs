using VoiceKit.WebChat.Messages;

namespace VoiceKit.WebChat.Tests.Support;

/// <summary>Holds all the turns at short messages, until it is disposed.</summary>
internal sealed class BusyMaker : IAsyncDisposable
{
    private readonly ManualResetEventSlim _gate = new();
    private readonly List<Task<bool>> _works;
    private int _begun;

    private BusyMaker(MessageMaker maker)
    {
        var turns = Enumerable.Range(0, Environment.ProcessorCount);
        _works = [.. turns.Select(_ => maker.RunAsync("", isLong: false, WaitAtTheGate, default))];
    }

    /// <summary>Takes the turns; they are held when it returns.</summary>
    public static async Task<BusyMaker> StartAsync(MessageMaker maker)
    {
        var busy = new BusyMaker(maker);
        await Until.TrueAsync(() => Volatile.Read(ref busy._begun) == busy._works.Count);
        return busy;
    }

    public async ValueTask DisposeAsync()
    {
        _gate.Set();
        Assert.DoesNotContain(false, await Task.WhenAll(_works));
        _gate.Dispose();
    }

    private bool WaitAtTheGate()
    {
        Interlocked.Increment(ref _begun);
        return _gate.Wait(Until.Patience);
    }
}
