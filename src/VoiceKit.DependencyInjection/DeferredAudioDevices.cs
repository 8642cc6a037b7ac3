using Microsoft.Extensions.Logging;
using VoiceKit.Audio;

namespace VoiceKit.DependencyInjection;

/// <summary>Devices that are connected to when they are first asked for, and anew when that failed.</summary>
/// <remarks>
/// A container that is disposed synchronously disposes this too, which a type that is only asynchronous would not let it.
/// </remarks>
internal sealed class DeferredAudioDevices(Func<CancellationToken, ValueTask<IAudioDevices>> open, ILogger log)
    : IAudioDevices, IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private IAudioDevices? _devices;
    private bool _isDisposed;

    public event EventHandler? Changed;

    public ValueTask<IReadOnlyList<AudioDeviceInfo>> ListAsync(CancellationToken cancellationToken) =>
        AskAsync(devices => devices.ListAsync(cancellationToken), cancellationToken);

    public ValueTask<IAudioInput> OpenInputAsync(string? deviceId, CancellationToken cancellationToken) =>
        AskAsync(devices => devices.OpenInputAsync(deviceId, cancellationToken), cancellationToken);

    public ValueTask<IAudioInput> OpenLoopbackAsync(string? deviceId, CancellationToken cancellationToken) =>
        AskAsync(devices => devices.OpenLoopbackAsync(deviceId, cancellationToken), cancellationToken);

    public ValueTask<IAudioOutput> OpenOutputAsync(string? deviceId, CancellationToken cancellationToken) =>
        AskAsync(devices => devices.OpenOutputAsync(deviceId, cancellationToken), cancellationToken);

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            _isDisposed = true;
            if (_devices is not { } devices)
                return;
            _devices = null;
            devices.Changed -= OnChanged;
            await devices.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async ValueTask<T> AskAsync<T>(Func<IAudioDevices, ValueTask<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask(await ConnectAsync(cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (AudioDeviceException exception)
        {
            VoiceKitLog.DeviceUnavailable(log, exception);
            throw;
        }
    }

    private async ValueTask<IAudioDevices> ConnectAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_devices is null)
            {
                _devices = await open(cancellationToken).ConfigureAwait(false);
                _devices.Changed += OnChanged;
            }

            return _devices;
        }
        finally
        {
            _gate.Release();
        }
    }

    private void OnChanged(object? sender, EventArgs e) => Changed?.Invoke(this, e);
}
