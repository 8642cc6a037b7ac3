using VoiceKit.Audio;

namespace VoiceKit.Testing;

/// <summary>
/// A microphone that hears what a test says. What it hears reaches the recorder at once, on the test's own thread; the recorder
/// encodes it on a thread of its own, so wait for <c>recorder.Elapsed</c>, or pause or finish, before you look at the result.
/// </summary>
public sealed class TestMicrophone : IAudioInput
{
    private static readonly TimeSpan _block = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private IAudioInputSink? _sink;
    private double _phase;

    /// <summary>Creates a microphone.</summary>
    /// <param name="format">What it gives; null for 48 kHz mono.</param>
    public TestMicrophone(AudioFormat? format = null) => Format = format ?? new AudioFormat(48_000, 1);

    /// <inheritdoc/>
    public AudioFormat Format { get; }

    /// <inheritdoc/>
    public string? Name { get; set; } = "Test microphone";

    /// <summary>Whether it is on.</summary>
    public bool IsStarted
    {
        get
        {
            lock (_gate)
                return _sink is not null;
        }
    }

    /// <summary>Whether it was disposed.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>How often it was turned on, attempts that failed included.</summary>
    public int StartCount { get; private set; }

    /// <summary>What turning it on throws, a refused permission for instance; null, the default, when it works.</summary>
    public AudioDeviceException? StartFault { get; set; }

    /// <summary>Whether turning it on waits until it is cancelled.</summary>
    /// <value>False by default.</value>
    public bool HangsOnStart { get; set; }

    /// <inheritdoc/>
    public async ValueTask StartAsync(IAudioInputSink sink, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sink);
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        StartCount++;
        if (HangsOnStart)
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
        if (StartFault is { } fault)
            throw fault;
        lock (_gate)
        {
            if (_sink is not null)
                throw new InvalidOperationException("The microphone is started already.");
            _sink = sink;
        }
    }

    /// <inheritdoc/>
    public ValueTask StopAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
            _sink = null;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return StopAsync();
    }

    /// <summary>Hears samples, in blocks of 20 ms. While it is off it hears nothing.</summary>
    /// <param name="samples">Interleaved whole frames.</param>
    /// <exception cref="ArgumentException">The last frame is not whole.</exception>
    public void Hear(ReadOnlySpan<float> samples)
    {
        if (samples.Length % Format.Channels != 0)
            throw new ArgumentException("The last frame is not whole.", nameof(samples));
        var block = Math.Max(1, FramesOf(_block)) * Format.Channels;
        while (!samples.IsEmpty)
        {
            var piece = samples[..Math.Min(block, samples.Length)];
            lock (_gate)
                _sink?.OnAudio(piece);
            samples = samples[piece.Length..];
        }
    }

    /// <summary>Hears a tone on all channels. One tone after another goes on without a click.</summary>
    /// <param name="duration">How long.</param>
    /// <param name="frequency">Its frequency in Hz.</param>
    /// <param name="peak">Its peak, 0…1.</param>
    public void HearTone(TimeSpan duration, double frequency = 440, double peak = 0.5)
    {
        var samples = new float[FramesOf(duration) * Format.Channels];
        for (var frame = 0; frame < samples.Length / Format.Channels; frame++)
        {
            samples.AsSpan(frame * Format.Channels, Format.Channels).Fill((float)(peak * Math.Sin(_phase)));
            _phase = (_phase + 2 * Math.PI * frequency / Format.SampleRate) % (2 * Math.PI);
        }

        Hear(samples);
    }

    /// <summary>Hears silence.</summary>
    /// <param name="duration">How long.</param>
    public void HearSilence(TimeSpan duration) => Hear(new float[FramesOf(duration) * Format.Channels]);

    /// <summary>Loses audio, as a device does when the computer is too busy.</summary>
    /// <param name="duration">How much.</param>
    public void Lose(TimeSpan duration)
    {
        lock (_gate)
            _sink?.OnLost(FramesOf(duration));
    }

    /// <summary>Becomes another device, as when a headset becomes the system's default.</summary>
    /// <param name="name">What a person calls that one.</param>
    public void MoveTo(string name)
    {
        Name = name;
        lock (_gate)
            _sink?.OnMoved(name);
    }

    /// <summary>Ends by itself, as a microphone does that is pulled out.</summary>
    /// <param name="reason">Why; null for <see cref="AudioDeviceFault.Removed"/>.</param>
    public void Unplug(AudioDeviceException? reason = null)
    {
        IAudioInputSink? sink;
        lock (_gate)
            (sink, _sink) = (_sink, null);
        sink?.OnFault(reason ?? new AudioDeviceException("The microphone was removed.", null, AudioDeviceFault.Removed));
    }

    private int FramesOf(TimeSpan time) => (int)((Int128)time.Ticks * Format.SampleRate / TimeSpan.TicksPerSecond);
}
