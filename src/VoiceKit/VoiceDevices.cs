using VoiceKit.Audio;
using VoiceKit.NAudio;
using VoiceKit.PulseAudio;

namespace VoiceKit;

/// <summary>The microphones and speakers of this system.</summary>
public static class VoiceDevices
{
    /// <summary>Begins to watch the devices: those of WASAPI on Windows, those of PulseAudio or PipeWire on Linux.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="AudioDeviceException">
    /// The sound service does not run or does not answer, or there is no class for this system; the message says what is missing.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async ValueTask<IAudioDevices> OpenAsync(CancellationToken cancellationToken = default)
    {
        if (OperatingSystem.IsWindows())
            return await WasapiDevices.OpenAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        if (OperatingSystem.IsLinux())
            return await PulseAudioDevices.OpenAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        throw new AudioDeviceException(
            "VoiceKit has no devices for this system. "
            + "Give the recorder an IAudioInput and the player an IAudioOutput of the app's own.",
            fault: AudioDeviceFault.ServiceUnavailable);
    }
}
