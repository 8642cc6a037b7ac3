using System.Runtime.Versioning;
using VoiceKit.Audio;

namespace VoiceKit.NAudio.Wasapi;

/// <summary>
/// A speaker of Windows. A device that is gone is told within 2 s; one that takes nothing from its start is given 4 s.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class WasapiOutput : IAudioOutput
{
    private readonly WasapiTarget _target;
    private readonly DeviceGate<PlaybackSession> _gate;
    private volatile WasapiPlayback? _stream;

    public WasapiOutput(WasapiTarget target)
    {
        _target = target;
        _gate = new DeviceGate<PlaybackSession>(DevicePatience.Default, StopDeviceAsync);
        Format = new AudioFormat(target.SampleRate, target.Options.OutputChannels ?? Math.Min(target.Channels, 2));
    }

    public AudioFormat Format { get; }

    public string? Name => _target.Name;

    public TimeSpan Latency => _stream?.Latency ?? TimeSpan.Zero;

    public TimeSpan BufferDuration => _target.Options.OutputBuffer;

    public ValueTask StartAsync(IAudioOutputSource source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (_target.Channels != Format.Channels)
            source = new MixingSource(source, Format.Channels, _target.Channels);
        return _gate.StartAsync(this, Make, StartDeviceAsync, Name, cancellationToken);

        PlaybackSession Make() =>
            new(source, WaveCoding.Float32, _target.Channels, Name) { OverByItself = session => _gate.End(session) };
    }

    public ValueTask StopAsync(CancellationToken cancellationToken = default)
    {
        _gate.Session?.Abandon();
        return _gate.StopAsync(cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _gate.Session?.Abandon();
        return _gate.DisposeAsync();
    }

    private Task StartDeviceAsync(PlaybackSession session)
    {
        _stream = new WasapiPlayback(_target, session);
        return _stream.StartAsync();
    }

    private Task StopDeviceAsync(PlaybackSession session)
    {
        _stream?.Stop();
        return Task.CompletedTask;
    }
}
