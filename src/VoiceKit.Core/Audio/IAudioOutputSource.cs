namespace VoiceKit.Audio;

/// <summary>
/// Gives what an <see cref="IAudioOutput"/> plays. Its members are called one after the other, on the device's thread, which they
/// must not keep waiting.
/// </summary>
public interface IAudioOutputSource
{
    /// <summary>Gives the next samples.</summary>
    /// <param name="buffer">Where interleaved whole frames of the output's format go.</param>
    /// <returns>
    /// How many floats were written, whole frames. Fewer than the buffer holds says that the audio ends there: the output plays
    /// what it has, calls <see cref="OnEnded"/>, and asks no more.
    /// </returns>
    int Read(Span<float> buffer);

    /// <summary>
    /// Called when the last frame has been played. The output remains started, and silent, until it is stopped.
    /// </summary>
    void OnEnded();

    /// <summary>Called when the output has ended by itself. No call follows, except after another start.</summary>
    /// <param name="reason">Why.</param>
    void OnFault(AudioDeviceException reason);
}
