namespace VoiceKit.Audio;

/// <summary>
/// Takes what an <see cref="IAudioInput"/> hears. Its members are called one after the other, on the device's thread, which they
/// must not keep waiting.
/// </summary>
public interface IAudioInputSink
{
    /// <summary>Takes the next samples.</summary>
    /// <param name="samples">Interleaved whole frames of the input's format, any number; valid during the call only.</param>
    void OnAudio(ReadOnlySpan<float> samples);

    /// <summary>Called when the device has lost audio between the samples before and the ones to come.</summary>
    /// <param name="frames">How many frames, 1 or more.</param>
    void OnLost(long frames);

    /// <summary>
    /// Called when the system has moved the input to another device, as it may with the default one. The audio to come is that of
    /// the new device. A sink need not implement it.
    /// </summary>
    /// <param name="name">What a person calls the device now, or null when that is not known.</param>
    void OnMoved(string? name)
    {
    }

    /// <summary>Called when the input has ended by itself. No call follows, except after another start.</summary>
    /// <param name="reason">Why.</param>
    void OnFault(AudioDeviceException reason);
}
