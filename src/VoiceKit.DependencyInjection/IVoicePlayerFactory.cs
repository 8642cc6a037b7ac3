using VoiceKit.Audio;
using VoiceKit.Playback;

namespace VoiceKit.DependencyInjection;

/// <summary>
/// Makes players with the app's decoder, or else the library's, and <see cref="VoicePlayerOptions"/>. Thread-safe.
/// </summary>
public interface IVoicePlayerFactory
{
    /// <summary>Opens a speaker of the app's <see cref="IAudioDevices"/> and makes a player on it.</summary>
    /// <param name="deviceId">Which speaker; null is the system's default.</param>
    /// <param name="cancellationToken">Ends the waiting for the device.</param>
    /// <returns>The player, without a message; the caller disposes it, and the speaker with it.</returns>
    /// <exception cref="AudioDeviceException">The device cannot be used.</exception>
    /// <exception cref="InvalidOperationException">The app has no audio devices.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<IVoicePlayer> CreateAsync(string? deviceId = null, CancellationToken cancellationToken = default);

    /// <summary>Makes a player on an output of the caller's.</summary>
    /// <param name="output">Where it plays; the player disposes it with itself.</param>
    /// <returns>The player, without a message; the caller disposes it.</returns>
    IVoicePlayer Create(IAudioOutput output);
}
