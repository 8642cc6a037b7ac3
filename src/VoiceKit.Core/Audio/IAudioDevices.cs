namespace VoiceKit.Audio;

/// <summary>The audio devices that a system has.</summary>
/// <remarks>What it opens lives on by itself, and outlives it.</remarks>
public interface IAudioDevices : IAsyncDisposable
{
    /// <summary>
    /// Raised when the list of devices has changed: a device came or went or was muted, or another one is the default. It is
    /// raised on a thread of the pool.
    /// </summary>
    event EventHandler? Changed;

    /// <summary>Lists the devices.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="AudioDeviceException">The system's sound service cannot be asked.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The object is disposed.</exception>
    ValueTask<IReadOnlyList<AudioDeviceInfo>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>Opens a microphone. It hears nothing before it is started.</summary>
    /// <param name="deviceId">Which one; null is the system's default.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="AudioDeviceException">The device cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The object is disposed.</exception>
    ValueTask<IAudioInput> OpenInputAsync(string? deviceId = null, CancellationToken cancellationToken = default);

    /// <summary>Opens what an output plays. It hears nothing before it is started.</summary>
    /// <param name="deviceId">Which <see cref="AudioDeviceKind.Loopback"/>; null is that of the system's default output.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="AudioDeviceException">The device cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The object is disposed.</exception>
    ValueTask<IAudioInput> OpenLoopbackAsync(string? deviceId = null, CancellationToken cancellationToken = default);

    /// <summary>Opens a speaker. It is silent before it is started.</summary>
    /// <param name="deviceId">Which one; null is the system's default.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="AudioDeviceException">The device cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The object is disposed.</exception>
    ValueTask<IAudioOutput> OpenOutputAsync(string? deviceId = null, CancellationToken cancellationToken = default);
}
