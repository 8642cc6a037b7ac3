using NAudio.Wave;

namespace VoiceKit.NAudio.Tests;

/// <summary>
/// A player that behaves as those of NAudio do: it asks for sound on a thread of its own, and can be initialized once.
/// </summary>
internal sealed class FakeWavePlayer : IWavePlayer, IWaveLatency
{
    private readonly List<byte> _played = [];
    private volatile DeviceThread? _thread;
    private IWaveProvider? _provider;

    public event EventHandler<StoppedEventArgs>? PlaybackStopped;

    public Exception? InitFault { get; init; }

    public Exception? PlayFault { get; set; }

    public float Volume { get; set; } = 1;

    public PlaybackState PlaybackState => _thread is null ? PlaybackState.Stopped : PlaybackState.Playing;

    public WaveFormat OutputWaveFormat => _provider!.WaveFormat;

    public TimeSpan AverageLatency => TimeSpan.FromMilliseconds(100);

    public TimeSpan CurrentLatency { get; set; }

    public int Starts { get; private set; }

    public bool IsDisposed { get; private set; }

    /// <summary>All that was taken since it was made.</summary>
    public byte[] Played => [.. _played];

    public void Init(IWaveProvider waveProvider)
    {
        if (InitFault is { } fault)
            throw fault;
        if (_provider is not null)
            throw new InvalidOperationException("Already initialised");
        _provider = waveProvider;
    }

    public void Play()
    {
        if (PlayFault is { } fault)
            throw fault;
        Assert.NotNull(_provider);
        Assert.Null(_thread);
        Starts++;
        _thread = new DeviceThread(exception =>
        {
            _thread = null;
            PlaybackStopped?.Invoke(this, new StoppedEventArgs(exception));
        });
    }

    // As WasapiOut does, which must not be stopped on its own thread.
    public void Stop()
    {
        if (_thread is not { } thread)
            return;
        Assert.False(thread.IsCurrent, "A player waits for its own thread.");
        thread.Stop();
        thread.Join();
    }

    public void Pause() => throw new NotSupportedException();

    /// <summary>Asks for so many bytes. Where none come it plays to the end and stops.</summary>
    /// <returns>Whether it goes on.</returns>
    public bool Take(int bytes)
    {
        if (_thread is not { } thread)
            return false;
        var count = 0;
        thread.Do(() =>
        {
            var buffer = new byte[bytes];
            count = _provider!.Read(buffer);
            _played.AddRange(buffer[..count]);
            if (count == 0)
                thread.Stop();
        });
        return count > 0;
    }

    public void Break(Exception exception) => _thread!.Do(() => throw exception);

    /// <summary>Stops without having been asked.</summary>
    public void GoAway() => _thread!.Stop();

    public void Dispose()
    {
        Stop();
        IsDisposed = true;
    }
}
