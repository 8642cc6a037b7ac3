using VoiceKit.Audio;
using VoiceKit.PulseAudio.Interop;

namespace VoiceKit.PulseAudio;

/// <summary>The devices that the sound server of Linux desktops has: PulseAudio, or PipeWire.</summary>
/// <remarks>
/// Ids are the server's names of sinks and sources; a loopback's is the name of a sink's monitor. When the server goes,
/// <see cref="Changed"/> is raised, and the next <see cref="ListAsync"/> connects anew.
/// </remarks>
public sealed class PulseAudioDevices : IAudioDevices
{
    private readonly PulseAudioOptions _options;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private PulseConnection? _connection;
    private List<AudioDeviceInfo>? _known;
    private int _refreshIsDue;
    private volatile bool _isDisposed;

    private PulseAudioDevices(PulseAudioOptions options) => _options = options;

    /// <inheritdoc/>
    public event EventHandler? Changed;

    /// <summary>Connects to the server.</summary>
    /// <param name="options">How to use the server; what is opened here uses it so too.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="AudioDeviceException">There is no server, or it does not answer.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async ValueTask<PulseAudioDevices> OpenAsync(
        PulseAudioOptions? options = null, CancellationToken cancellationToken = default)
    {
        var devices = new PulseAudioDevices(options ?? new PulseAudioOptions());
        try
        {
            await devices.ListAsync(cancellationToken).ConfigureAwait(false);
            return devices;
        }
        catch
        {
            await devices.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<AudioDeviceInfo>> ListAsync(CancellationToken cancellationToken = default)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_connection is { IsBroken: false })
                return await QueryAsync(_connection, cancellationToken).ConfigureAwait(false);
            await ConnectAsync(cancellationToken).ConfigureAwait(false);
            return _known!.ToArray();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IAudioInput> OpenInputAsync(string? deviceId = null, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return await PulseAudioInput.OpenAsync(deviceId, _options, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IAudioInput> OpenLoopbackAsync(string? deviceId = null, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return await PulseAudioInput.OpenLoopbackAsync(deviceId, _options, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IAudioOutput> OpenOutputAsync(string? deviceId = null, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return await PulseAudioOutput.OpenAsync(deviceId, _options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lets the server go. <see cref="Changed"/> is raised no more, except where its handlers are running.</summary>
    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            Disconnect();
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        Disconnect();
        try
        {
            _connection = await PulseConnection.OpenAsync(_options, cancellationToken, RefreshLater, RefreshLater)
                .ConfigureAwait(false);
            await _connection.AskAsync(new PulseSubscribeRequest(), cancellationToken).ConfigureAwait(false);
            _known = await QueryAsync(_connection, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            Disconnect();
            throw;
        }
    }

    private void Disconnect()
    {
        _connection?.Dispose();
        _connection = null;
        _known = null;
    }

    private static async Task<List<AudioDeviceInfo>> QueryAsync(PulseConnection connection, CancellationToken cancellationToken)
    {
        var defaults = await connection.AskAsync(new PulseDefaultsRequest(), cancellationToken).ConfigureAwait(false);
        var sinks = await connection.AskAsync(new PulseDevicesRequest(sinks: true), cancellationToken).ConfigureAwait(false);
        var sources = await connection.AskAsync(new PulseDevicesRequest(sinks: false), cancellationToken).ConfigureAwait(false);
        return
        [
            .. sources.FindAll(source => source.Monitor is null)
                .Select(source => Describe(source, AudioDeviceKind.Input, source.Name == defaults.Source)),
            .. sinks.Select(sink => Describe(sink, AudioDeviceKind.Output, sink.Name == defaults.Sink)),
            .. sources.FindAll(source => source.Monitor is not null)
                .Select(source => Describe(source, AudioDeviceKind.Loopback, source.Monitor == defaults.Sink)),
        ];
    }

    private static AudioDeviceInfo Describe(PulseDevice device, AudioDeviceKind kind, bool isDefault) =>
        new(device.Name, device.Description, kind) { IsDefault = isDefault, Format = device.Format, IsMuted = device.IsMuted };

    // Of many changes at once, which is how a server tells them, one refresh is made.
    private void RefreshLater()
    {
        if (Interlocked.Exchange(ref _refreshIsDue, 1) == 0)
            _ = Task.Run(RefreshAsync);
    }

    private async Task RefreshAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        bool hasChanged;
        try
        {
            Interlocked.Exchange(ref _refreshIsDue, 0);
            hasChanged = !_isDisposed && await HasChangedAsync().ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }

        if (hasChanged)
            Changed?.Invoke(this, EventArgs.Empty);
    }

    // A server tells of every change in volume or state too, which nobody here asked for.
    private async Task<bool> HasChangedAsync()
    {
        if (_connection is null || _known is null)
            return false;
        try
        {
            var devices = await QueryAsync(_connection, CancellationToken.None).ConfigureAwait(false);
            var hasChanged = !devices.SequenceEqual(_known);
            _known = devices;
            return hasChanged;
        }
        catch (AudioDeviceException)
        {
            Disconnect();
            return true;
        }
    }
}
