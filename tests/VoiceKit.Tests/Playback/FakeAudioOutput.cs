using VoiceKit.Audio;

namespace VoiceKit.Tests.Playback;

/// <summary>An output driven by hand: the test takes frames, and says how many of them are not heard yet.</summary>
internal sealed class FakeAudioOutput(AudioFormat format) : IAudioOutput
{
    private readonly object _gate = new();
    private readonly List<float> _played = [];
    private IAudioOutputSource? _source;
    private bool _ended;

    public AudioFormat Format => format;

    public string? Name => "Fake";

    /// <summary>How many frames of those taken are not heard yet, while it is started.</summary>
    public int LatencyFrames { get; set; }

    public TimeSpan Latency => IsStarted ? Format.DurationOf(LatencyFrames) : TimeSpan.Zero;

    public TimeSpan BufferDuration { get; set; } = TimeSpan.FromMilliseconds(100);

    public bool IsStarted
    {
        get
        {
            lock (_gate)
                return _source is not null;
        }
    }

    /// <summary>Whether it is started and has been given the end.</summary>
    public bool HasEnded
    {
        get
        {
            lock (_gate)
                return _source is not null && _ended;
        }
    }

    public bool IsDisposed { get; private set; }

    public int Starts { get; private set; }

    /// <summary>What the next starts throw; null to start.</summary>
    public Exception? StartFault { get; set; }

    /// <summary>Whether starts wait until they are cancelled, or for ever.</summary>
    public bool HangsOnStart { get; set; }

    public bool IgnoresCancellation { get; set; }

    /// <summary>All that was taken since the last start.</summary>
    public float[] Played
    {
        get
        {
            lock (_gate)
                return [.. _played];
        }
    }

    public async ValueTask StartAsync(IAudioOutputSource source, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        if (HangsOnStart)
            await Task.Delay(Timeout.Infinite, IgnoresCancellation ? CancellationToken.None : cancellationToken);
        if (StartFault is { } fault)
            throw fault;
        lock (_gate)
        {
            Assert.Null(_source);
            _source = source;
            _ended = false;
            _played.Clear();
            Starts++;
        }
    }

    public ValueTask StopAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
            _source = null;
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        IsDisposed = true;
    }

    /// <summary>Takes frames as a device does. False when the source has come to its end, or the output is stopped.</summary>
    public bool Take(int frames)
    {
        lock (_gate)
        {
            if (_source is null || _ended)
                return false;
            var buffer = new float[frames * Format.Channels];
            Array.Fill(buffer, float.NaN);
            var count = _source.Read(buffer);
            Assert.InRange(count, 0, buffer.Length);
            Assert.DoesNotContain(float.NaN, buffer[..count]);
            _played.AddRange(buffer[..count]);
            _ended = count < buffer.Length;
            return !_ended;
        }
    }

    /// <summary>Takes frames into a buffer of the test's.</summary>
    public int Take(Span<float> buffer) => _source!.Read(buffer);

    /// <summary>Has the last frame heard.</summary>
    public void End()
    {
        lock (_gate)
        {
            if (_ended)
                _source?.OnEnded();
        }
    }

    public void Break(AudioDeviceException? fault = null)
    {
        lock (_gate)
        {
            var source = _source;
            _source = null;
            source?.OnFault(fault ?? new AudioDeviceException("Unplugged.", null, AudioDeviceFault.Removed));
        }
    }
}
