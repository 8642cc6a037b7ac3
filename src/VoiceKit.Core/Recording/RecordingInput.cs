using VoiceKit.Audio;
using VoiceKit.Diagnostics;

namespace VoiceKit.Recording;

/// <summary>A device that is waited for only so long, whatever it does.</summary>
internal sealed class RecordingInput(IAudioInput device, VoiceRecorderOptions options) : IAsyncDisposable
{
    public IAudioInput Device => device;

    /// <summary>Starts the device.</summary>
    /// <returns>Takes what comes from it.</returns>
    /// <exception cref="AudioDeviceException">The device does not start, or not in time.</exception>
    public async Task<RecordingSink> StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await TryStartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (AudioDeviceException exception)
        {
            Instruments.CountInputFault(exception);
            throw;
        }
    }

    /// <summary>Stops the device. One that cannot even be stopped is given up.</summary>
    public async Task StopAsync()
    {
        try
        {
            await device.StopAsync().AsTask().WaitAsync(options.DeviceTimeout, options.Clock).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // What it still sends is not taken, and what it sent is not lost.
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await device.DisposeAsync().AsTask().WaitAsync(options.DeviceTimeout, options.Clock).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // It is not needed any more, whatever it says.
        }
    }

    /// <summary>The fault of a device that does nothing, with its name.</summary>
    public AudioDeviceException NotResponding(string message) =>
        new(device.Name is { } name ? $"{message} ({name})" : message, null, AudioDeviceFault.NotResponding);

    private async Task<RecordingSink> TryStartAsync(CancellationToken cancellationToken)
    {
        var sink = new RecordingSink(device.Format, options.BufferDuration, device.Name);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var starting = device.StartAsync(sink, giveUp.Token).AsTask();
        try
        {
            await starting.WaitAsync(options.DeviceTimeout, options.Clock, cancellationToken).ConfigureAwait(false);
            return sink;
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            sink.Close();
            await giveUp.CancelAsync().ConfigureAwait(false);
            _ = StopWhenStartedAsync(starting);
            if (exception is TimeoutException)
                throw NotResponding("The device does not start.");
            throw;
        }
    }

    // A device that answers late must not stay on.
    private async Task StopWhenStartedAsync(Task starting)
    {
        await starting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (starting.IsCompletedSuccessfully)
            await device.StopAsync().ConfigureAwait(false);
    }
}
