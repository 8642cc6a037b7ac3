using NAudio.Wave;
using VoiceKit.Audio;

namespace VoiceKit.NAudio;

/// <summary>
/// A recording device of NAudio as an input: <c>WaveIn</c>, <c>WasapiCapture</c>, <c>WasapiLoopbackCapture</c>, <c>AlsaIn</c> or
/// one of the app's own.
/// </summary>
/// <remarks>
/// Each start is one <see cref="IWaveIn.StartRecording"/>. When the device stops by itself, with an exception in
/// <see cref="IWaveIn.RecordingStopped"/> or without, the sink hears of a fault; so it does when it throws itself. NAudio does
/// not tell of audio that a device has lost. A device that was made on a thread with a synchronization context, such as that of a
/// window, tells its stopping there: such a thread must not be blocked until a stop has ended.
/// </remarks>
public sealed class NAudioInput : IAudioInput
{
    private static readonly TimeSpan LastBlock = TimeSpan.FromMilliseconds(250);

    private readonly IWaveIn _device;
    private readonly WaveFormat _waveFormat;
    private readonly WaveCoding _coding;
    private readonly bool _leaveOpen;
    private readonly DeviceGate<CaptureSession> _gate;
    private int _isDisposed;

    /// <summary>Wraps a device, which must not be recording.</summary>
    /// <param name="device">The device, used by this object alone from now on.</param>
    /// <param name="name">
    /// What a person calls the device; null when that is not known, since NAudio's interface does not tell.
    /// </param>
    /// <param name="leaveOpen">Whether the device is left undisposed when this object is disposed.</param>
    /// <exception cref="ArgumentException">
    /// The device's format is not one that is read: PCM of 8, 16, 24 or 32 bits, float of 32 or 64 bits, A-law and mu-law are,
    /// also where the format is extensible.
    /// </exception>
    public NAudioInput(IWaveIn device, string? name = null, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(device);
        _device = device;
        _waveFormat = device.WaveFormat;
        _coding = WaveCodings.Of(_waveFormat);
        _leaveOpen = leaveOpen;
        _gate = new DeviceGate<CaptureSession>(DevicePatience.Default, StopDeviceAsync);
        Format = _waveFormat.ToAudioFormat();
        Name = name;
        device.DataAvailable += OnData;
        device.RecordingStopped += OnStopped;
    }

    /// <inheritdoc/>
    public AudioFormat Format { get; }

    /// <inheritdoc/>
    public string? Name { get; }

    /// <inheritdoc/>
    /// <remarks>The device is started on the calling thread.</remarks>
    public ValueTask StartAsync(IAudioInputSink sink, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sink);
        return _gate.StartAsync(this, Make, StartNow, Name, cancellationToken);

        CaptureSession Make() => new(sink, _coding, Format.Channels, Name) { OverByItself = session => _gate.End(session) };
    }

    /// <inheritdoc/>
    /// <remarks>
    /// It waits for the device's next block, 250 ms at most, since NAudio's devices drop what they have not handed over when they
    /// are told to stop; then 2 s at most for the device to stop, and as long for it to say so. In a call to the sink it waits
    /// for nothing.
    /// </remarks>
    public ValueTask StopAsync(CancellationToken cancellationToken = default) => _gate.StopAsync(cancellationToken);

    /// <summary>Stops, and disposes the device unless that was to be left.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;
        await _gate.DisposeAsync().ConfigureAwait(false);
        if (!_leaveOpen)
            await DevicePatience.DisposeAsync(_device, _gate.Session).ConfigureAwait(false);
    }

    private Task StartNow(CaptureSession session)
    {
        Start(session);
        return Task.CompletedTask;
    }

    private void Start(CaptureSession session)
    {
        if (!_waveFormat.Equals(_device.WaveFormat))
            throw new AudioDeviceException($"The device's format has changed from {_waveFormat} to {_device.WaveFormat}.");
        _device.StartRecording();
    }

    private async Task StopDeviceAsync(CaptureSession session)
    {
        if (!session.IsOver)
            await Task.WhenAny(session.NextBlockAsync(), session.Stopped, Task.Delay(LastBlock)).ConfigureAwait(false);
        await Task.Run(_device.StopRecording).ConfigureAwait(false);
    }

    private void OnData(object? sender, WaveInEventArgs data) => _gate.Session?.OnData(data.BufferSpan);

    private void OnStopped(object? sender, StoppedEventArgs stopped) => _gate.Session?.OnStopped(stopped.Exception);
}
