using VoiceKit.Audio;
using VoiceKit.PulseAudio.Interop;

namespace VoiceKit.PulseAudio;

/// <summary>A speaker, as the sound server of Linux desktops has it: PulseAudio, or PipeWire.</summary>
/// <remarks>
/// Its format has the device's own sample rate. A server that is gone, a device that is removed or suspended, and silence of
/// the server itself are told within 2 s of their happening while it plays; a device that takes nothing from its start is given
/// 4 s. What the app's source throws ends the output with a fault.
/// </remarks>
public sealed class PulseAudioOutput : IAudioOutput
{
    private readonly PulseAudioOptions _options;
    private readonly PulseSession _session;
    private readonly PulseTarget _target;

    private PulseAudioOutput(PulseAudioOptions options, PulseConnection connection, PulseTarget target)
    {
        _options = options;
        _session = new PulseSession(options, connection);
        _target = target;
        Format = new AudioFormat(target.Wire.SampleRate, options.OutputChannels ?? target.Wire.Channels);
    }

    /// <inheritdoc/>
    public AudioFormat Format { get; }

    /// <inheritdoc/>
    public string? Name => _target.Description;

    /// <inheritdoc/>
    /// <remarks>
    /// It is what the server said at its last request for sound, less the time since; reading it waits for nothing.
    /// </remarks>
    public TimeSpan Latency => (_session.Stream as PlaybackStream)?.Latency ?? TimeSpan.Zero;

    /// <inheritdoc/>
    public TimeSpan BufferDuration => _options.OutputBuffer;

    /// <summary>Opens a speaker. It is silent before it is started.</summary>
    /// <param name="deviceId">
    /// Which one; it is used or fails, and never another in its place. Null is the default one: the server may move the output to
    /// another when it is unplugged or another becomes the default.
    /// </param>
    /// <param name="options">How to use the server.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="AudioDeviceException">There is no server, or no such device.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async ValueTask<PulseAudioOutput> OpenAsync(
        string? deviceId = null, PulseAudioOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new PulseAudioOptions();
        var connection = await PulseConnection.OpenAsync(options, cancellationToken).ConfigureAwait(false);
        try
        {
            var target = await PulseTarget.FindOutputAsync(connection, deviceId, cancellationToken).ConfigureAwait(false);
            return new PulseAudioOutput(options, connection, target);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask StartAsync(IAudioOutputSource source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return _session.StartAsync(
            this,
            (connection, over, _) => new(new PlaybackStream(connection, _target, _options, Format, source) { Over = over }),
            cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask StopAsync(CancellationToken cancellationToken = default) => _session.StopAsync(cancellationToken);

    /// <summary>Stops, and lets the server go.</summary>
    public ValueTask DisposeAsync() => _session.DisposeAsync();
}
