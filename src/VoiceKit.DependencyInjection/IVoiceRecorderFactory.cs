using VoiceKit.Audio;
using VoiceKit.Recording;

namespace VoiceKit.DependencyInjection;

/// <summary>
/// Makes recorders, one for each message, with the app's codec and <see cref="VoiceRecorderOptions"/>. Thread-safe.
/// </summary>
public interface IVoiceRecorderFactory
{
    /// <summary>Opens a microphone of the app's <see cref="IAudioDevices"/> and makes a recorder on it.</summary>
    /// <param name="deviceId">Which microphone; null is the system's default.</param>
    /// <param name="cancellationToken">Ends the waiting for the device.</param>
    /// <returns>The recorder, which is not started; the caller disposes it, and the microphone with it.</returns>
    /// <exception cref="AudioDeviceException">The device cannot be used.</exception>
    /// <exception cref="InvalidOperationException">The app has no audio devices or no codec.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<IVoiceRecorder> CreateAsync(string? deviceId = null, CancellationToken cancellationToken = default);

    /// <summary>Makes a recorder on an input of the caller's.</summary>
    /// <param name="input">What is to be recorded; the recorder disposes it with itself.</param>
    /// <returns>The recorder, which is not started; the caller disposes it.</returns>
    IVoiceRecorder Create(IAudioInput input);
}
