using System.Runtime.Versioning;
using VoiceKit.Audio;

namespace VoiceKit.NAudio.Wasapi;

/// <summary>
/// A microphone of Windows, or what a speaker plays. A device that is gone is told within 2 s; one that is silent from its start
/// is given 4 s.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class WasapiInput : IAudioInput
{
    private readonly WasapiTarget _target;
    private readonly DeviceGate<CaptureSession> _gate;
    private WasapiCapture? _stream;

    public WasapiInput(WasapiTarget target)
    {
        _target = target;
        _gate = new DeviceGate<CaptureSession>(DevicePatience.Default, StopDeviceAsync);
        Format = new AudioFormat(target.SampleRate, target.Options.InputChannels);
    }

    public AudioFormat Format { get; }

    public string? Name => _target.Name;

    public ValueTask StartAsync(IAudioInputSink sink, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sink);
        if (_target.Channels != Format.Channels)
            sink = new MixingSink(sink, _target.Channels, Format.Channels);
        return _gate.StartAsync(this, Make, StartDeviceAsync, Name, cancellationToken);

        CaptureSession Make() =>
            new(sink, WaveCoding.Float32, _target.Channels, Name) { OverByItself = session => _gate.End(session) };
    }

    public ValueTask StopAsync(CancellationToken cancellationToken = default) => _gate.StopAsync(cancellationToken);

    public ValueTask DisposeAsync() => _gate.DisposeAsync();

    private Task StartDeviceAsync(CaptureSession session)
    {
        _stream = new WasapiCapture(_target, session);
        return _stream.StartAsync();
    }

    private Task StopDeviceAsync(CaptureSession session)
    {
        _stream?.Stop();
        return Task.CompletedTask;
    }
}
