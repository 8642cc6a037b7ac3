using NAudio.Wave;

namespace VoiceKit.NAudio.Tests;

/// <summary>A recording device that behaves as those of NAudio do: its callbacks come on a thread of its own.</summary>
internal sealed class FakeWaveIn(WaveFormat format) : IWaveIn
{
    private volatile DeviceThread? _thread;

    public event EventHandler<WaveInEventArgs>? DataAvailable;

    public event EventHandler<StoppedEventArgs>? RecordingStopped;

    public WaveFormat WaveFormat { get; set; } = format;

    public Exception? StartFault { get; set; }

    /// <summary>Whether stopping waits for the thread, as AlsaIn does; others only ask it to end.</summary>
    public bool JoinsOnStop { get; init; }

    /// <summary>Whether it does not even hear that it is to stop.</summary>
    public bool IgnoresStop { get; init; }

    public bool IsRecording => _thread is not null;

    public bool IsDisposed { get; private set; }

    public void StartRecording()
    {
        if (_thread is not null)
            throw new InvalidOperationException("Already recording");
        if (StartFault is { } fault)
            throw fault;
        _thread = new DeviceThread(exception =>
        {
            _thread = null;
            RecordingStopped?.Invoke(this, new StoppedEventArgs(exception));
        });
    }

    public void StopRecording()
    {
        if (IgnoresStop || _thread is not { } thread)
            return;
        thread.Stop();
        if (JoinsOnStop && !thread.IsCurrent)
            thread.Join();
    }

    /// <summary>Hears bytes, in blocks of one size after the other, over and over.</summary>
    public void Hear(byte[] bytes, params int[] sizes)
    {
        for (int at = 0, i = 0; at < bytes.Length; i++)
        {
            var size = Math.Min(sizes is [] ? bytes.Length : sizes[i % sizes.Length], bytes.Length - at);
            var buffer = new byte[size + 100];
            bytes.AsSpan(at, size).CopyTo(buffer);
            Do(() => DataAvailable?.Invoke(this, new WaveInEventArgs(buffer, size)));
            at += size;
        }
    }

    public void Break(Exception exception) => Do(() => throw exception);

    /// <summary>Stops without having been asked.</summary>
    public void GoAway() => _thread?.Stop();

    // As WasapiCapture does, which must not be disposed on its own thread.
    public void Dispose()
    {
        if (_thread is { } thread)
        {
            Assert.False(thread.IsCurrent, "A device waits for its own thread.");
            StopRecording();
            thread.Join();
        }

        IsDisposed = true;
    }

    private void Do(Action action) => _thread?.Do(action);
}
