namespace VoiceKit.Tests.Playback;

/// <summary>Bytes whose reading can be held up, as a slow disk or network does.</summary>
internal sealed class HeldStream(byte[] bytes) : MemoryStream(bytes)
{
    private readonly ManualResetEventSlim _mayRead = new(true);
    private int _readers;

    /// <summary>Whether a thread is reading right now.</summary>
    public bool IsBeingRead => Volatile.Read(ref _readers) > 0;

    public void Hold() => _mayRead.Reset();

    public void Release() => _mayRead.Set();

    // A class that is derived from MemoryStream reads all by this one.
    public override int Read(byte[] buffer, int offset, int count)
    {
        Interlocked.Increment(ref _readers);
        try
        {
            Assert.True(_mayRead.Wait(PlayerLab.Patience), "The stream was held for too long.");
            return base.Read(buffer, offset, count);
        }
        finally
        {
            Interlocked.Decrement(ref _readers);
        }
    }

    public void AwaitReader() =>
        Assert.True(SpinWait.SpinUntil(() => IsBeingRead, PlayerLab.Patience), "Nobody reads the stream.");
}
