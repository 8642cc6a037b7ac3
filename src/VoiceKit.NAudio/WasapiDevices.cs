using System.Runtime.Versioning;
using NAudio.CoreAudioApi;
using VoiceKit.Audio;
using VoiceKit.NAudio.Wasapi;

namespace VoiceKit.NAudio;

/// <summary>The audio devices of Windows, through WASAPI in shared mode.</summary>
/// <remarks>
/// Ids are those of Windows' endpoints, the same at the next start; a loopback has the id of its speaker. An input or output has
/// the sample rate that the device had when it was opened; when that is changed later, Windows converts. An input or output of
/// the default device uses the device that is the default when it is started. It is a fault, within 2 s, when the device is
/// unplugged or disabled, its format is changed, another app takes it for itself, or the sound service ends. A device that does
/// nothing from its start is given 4 s.
/// </remarks>
[SupportedOSPlatform("windows")]
public sealed class WasapiDevices : IAudioDevices
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private readonly WasapiOptions _options;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private MMDeviceEnumerator? _enumerator;
    private MMDeviceNotificationClient? _notifications;
    private List<AudioDeviceInfo>? _known;
    private int _refreshIsDue;
    private volatile bool _isDisposed;

    private WasapiDevices(WasapiOptions options) => _options = options;

    /// <inheritdoc/>
    public event EventHandler? Changed;

    /// <summary>Begins to watch the devices.</summary>
    /// <param name="options">How the devices are used.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="AudioDeviceException">The sound service of Windows does not run, or does not answer.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="PlatformNotSupportedException">This system is not Windows.</exception>
    public static async ValueTask<WasapiDevices> OpenAsync(
        WasapiOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (!OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException("Windows alone has these devices.");
        var devices = new WasapiDevices(options ?? new WasapiOptions());
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
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return await AskAsync(List, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IAudioInput> OpenInputAsync(string? deviceId = null, CancellationToken cancellationToken = default) =>
        new WasapiInput(await FindAsync(deviceId, AudioDeviceKind.Input, cancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public async ValueTask<IAudioInput> OpenLoopbackAsync(
        string? deviceId = null, CancellationToken cancellationToken = default) =>
        new WasapiInput(await FindAsync(deviceId, AudioDeviceKind.Loopback, cancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public async ValueTask<IAudioOutput> OpenOutputAsync(
        string? deviceId = null, CancellationToken cancellationToken = default) =>
        new WasapiOutput(await FindAsync(deviceId, AudioDeviceKind.Output, cancellationToken).ConfigureAwait(false));

    /// <summary>
    /// Stops watching the devices. <see cref="Changed"/> is raised no more, except where its handlers are running.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        try
        {
            await Task.Run(DisconnectInTurn).WaitAsync(Patience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // A service that does not answer has nothing to say either.
        }
    }

    private ValueTask<WasapiTarget> FindAsync(string? deviceId, AudioDeviceKind kind, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return AskAsync(() => WasapiTarget.Find(deviceId, kind, _options), cancellationToken);
    }

    // On a thread of the pool: COM's calls may block, and never return where the service hangs.
    private static async ValueTask<T> AskAsync<T>(Func<T> question, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(question, cancellationToken).WaitAsync(Patience, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw NAudioFault.NotResponding("The sound service of Windows does not answer", null);
        }
    }

    private IReadOnlyList<AudioDeviceInfo> List()
    {
        _gate.Wait();
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var devices = Query();
            _known ??= devices;
            return devices.AsReadOnly();
        }
        finally
        {
            _gate.Release();
        }
    }

    private List<AudioDeviceInfo> Query()
    {
        try
        {
            Connect();
            return EndpointList.Of(_enumerator!, _options.Role);
        }
        catch (Exception exception)
        {
            Disconnect();
            throw NAudioFault.Create("The sound service of Windows cannot be asked", null, exception);
        }
    }

    private void Connect()
    {
        if (_enumerator is not null)
            return;
        _enumerator = new MMDeviceEnumerator();
        _notifications = _enumerator.CreateNotificationClient(useSynchronizationContext: false);
        _notifications.DeviceAdded += (_, _) => RefreshLater();
        _notifications.DeviceRemoved += (_, _) => RefreshLater();
        _notifications.DeviceStateChanged += (_, _) => RefreshLater();
        _notifications.DefaultDeviceChanged += (_, _) => RefreshLater();
        _notifications.PropertyValueChanged += (_, _) => RefreshLater();
    }

    private void Disconnect()
    {
        _notifications?.Dispose();
        _notifications = null;
        _enumerator?.Dispose();
        _enumerator = null;
    }

    private void DisconnectInTurn()
    {
        _gate.Wait();
        try
        {
            Disconnect();
        }
        finally
        {
            _gate.Release();
        }
    }

    // Of many changes at once, which is how Windows tells them, one refresh is made. Its own thread must not be kept waiting.
    private void RefreshLater()
    {
        if (Interlocked.Exchange(ref _refreshIsDue, 1) == 0)
            _ = Task.Run(Refresh);
    }

    private void Refresh()
    {
        _gate.Wait();
        bool hasChanged;
        try
        {
            Interlocked.Exchange(ref _refreshIsDue, 0);
            hasChanged = !_isDisposed && HasChanged();
        }
        finally
        {
            _gate.Release();
        }

        if (hasChanged)
            Changed?.Invoke(this, EventArgs.Empty);
    }

    // Windows tells of every property that changes, which nobody here asked for.
    private bool HasChanged()
    {
        if (_enumerator is null || _known is null)
            return false;
        try
        {
            var devices = Query();
            var hasChanged = !devices.SequenceEqual(_known);
            _known = devices;
            return hasChanged;
        }
        catch (AudioDeviceException)
        {
            _known = null;
            return true;
        }
    }
}
