namespace VoiceKit.NAudio;

/// <summary>How long devices are waited for.</summary>
internal static class DevicePatience
{
    public static TimeSpan Default { get; } = TimeSpan.FromSeconds(2);

    /// <summary>Disposes a device, on a thread of the pool: it may wait for its own thread.</summary>
    /// <param name="device">The device.</param>
    /// <param name="last">Its last session, in whose calls nothing is waited for.</param>
    public static async Task DisposeAsync(IDisposable device, DeviceSession? last)
    {
        var disposal = Task.Run(device.Dispose);
        if (last is { IsCalling: true })
            return;
        try
        {
            await disposal.WaitAsync(Default).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // It is not needed any more, whatever it says.
        }
    }
}
