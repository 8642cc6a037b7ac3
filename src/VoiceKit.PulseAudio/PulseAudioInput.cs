using VoiceKit.Audio;
using VoiceKit.PulseAudio.Interop;

namespace VoiceKit.PulseAudio;

/// <summary>
/// A microphone, or what an output plays, as the sound server of Linux desktops has it: PulseAudio, or PipeWire.
/// </summary>
/// <remarks>
/// Its format has the device's own sample rate. While it is stopped, it holds a connection to the server but no stream, so that
/// no desktop shows the app as recording. A server that is gone, a device that is removed or suspended, and silence of the
/// server itself are told within 2 s of their happening; a device that is silent from its start is given 4 s. What the app's
/// sink throws ends the input with a fault.
/// </remarks>
public sealed class PulseAudioInput : IAudioInput
{
    private readonly PulseAudioOptions _options;
    private readonly PulseSession _session;
    private readonly bool _isDefaultLoopback;
    private readonly PulseTarget _target;
    private volatile string? _name;

    private PulseAudioInput(PulseAudioOptions options, PulseConnection connection, PulseTarget target, bool isLoopback)
    {
        _options = options;
        _session = new PulseSession(options, connection);
        _target = target;
        _name = target.Description;
        _isDefaultLoopback = isLoopback && target.DeviceId is null;
        Format = new AudioFormat(target.Wire.SampleRate, options.InputChannels);
    }

    /// <inheritdoc/>
    public AudioFormat Format { get; }

    /// <inheritdoc/>
    public string? Name => _name;

    /// <summary>Opens a microphone. It hears nothing before it is started.</summary>
    /// <param name="deviceId">
    /// Which one; it is used or fails, and never another in its place. Null is the default one: the server may move the input to
    /// another when it is unplugged or another becomes the default, which the sink hears of by
    /// <see cref="IAudioInputSink.OnMoved"/>.
    /// </param>
    /// <param name="options">How to use the server.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="AudioDeviceException">There is no server, or no such device.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static ValueTask<PulseAudioInput> OpenAsync(
        string? deviceId = null, PulseAudioOptions? options = null, CancellationToken cancellationToken = default) =>
        OpenAsync(PulseTarget.FindInputAsync, deviceId, options, isLoopback: false, cancellationToken);

    /// <summary>Opens what an output plays. It hears nothing before it is started.</summary>
    /// <param name="deviceId">
    /// Which <see cref="AudioDeviceKind.Loopback"/>; null is that of the default output, which is looked up at each start. It
    /// is never moved, since a server would move it to a microphone.
    /// </param>
    /// <param name="options">How to use the server.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="AudioDeviceException">There is no server, or no such device.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static ValueTask<PulseAudioInput> OpenLoopbackAsync(
        string? deviceId = null, PulseAudioOptions? options = null, CancellationToken cancellationToken = default) =>
        OpenAsync(PulseTarget.FindLoopbackAsync, deviceId, options, isLoopback: true, cancellationToken);

    /// <inheritdoc/>
    public ValueTask StartAsync(IAudioInputSink sink, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sink);
        return _session.StartAsync(
            this, (connection, over, token) => MakeStreamAsync(connection, over, sink, token), cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// It waits for what is under way from the device: a block as a rule, half a second more at most. In a call to the sink it
    /// does not.
    /// </remarks>
    public ValueTask StopAsync(CancellationToken cancellationToken = default) => _session.StopAsync(cancellationToken);

    /// <summary>Stops, and lets the server go.</summary>
    public ValueTask DisposeAsync() => _session.DisposeAsync();

    private static async ValueTask<PulseAudioInput> OpenAsync(
        Func<PulseConnection, string?, CancellationToken, Task<PulseTarget>> find,
        string? deviceId,
        PulseAudioOptions? options,
        bool isLoopback,
        CancellationToken cancellationToken)
    {
        options ??= new PulseAudioOptions();
        var connection = await PulseConnection.OpenAsync(options, cancellationToken).ConfigureAwait(false);
        try
        {
            var target = await find(connection, deviceId, cancellationToken).ConfigureAwait(false);
            return new PulseAudioInput(options, connection, target, isLoopback);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private async ValueTask<PulseStream> MakeStreamAsync(
        PulseConnection connection, Action<PulseStream> over, IAudioInputSink sink, CancellationToken cancellationToken)
    {
        var target = _target;
        if (_isDefaultLoopback)
        {
            target = await PulseTarget.FindLoopbackAsync(connection, null, cancellationToken).ConfigureAwait(false);
            target = target with { Wire = new AudioFormat(Format.SampleRate, target.Wire.Channels) };
        }

        return new CaptureStream(connection, target, _options, Format, sink) { Over = over, Moved = name => _name = name };
    }
}
