namespace VoiceKit.Audio;

/// <summary>Opens files of formats that VoiceKit does not read itself: VoiceKit.FFmpeg is one.</summary>
public interface IAudioDecoder
{
    /// <summary>Opens the first audio stream of a file.</summary>
    /// <param name="path">The file; its content decides what it is, not its name.</param>
    /// <param name="cancellationToken">Ends the work, that of the reader too: it throws then.</param>
    /// <returns>The sound at its own rate and with its own channels, in the order of WAV.</returns>
    /// <exception cref="VoiceKitException">The file cannot be decoded, or the decoder is not there.</exception>
    /// <exception cref="IOException">The file could not be read.</exception>
    IAudioReader Open(string path, CancellationToken cancellationToken = default);
}
