using VoiceKit.Audio;

namespace VoiceKit;

/// <summary>Makes voice messages of audio. Thread-safe; one instance serves a whole app.</summary>
public interface IVoiceEncoder
{
    /// <summary>Encodes all of a source into a message in memory.</summary>
    /// <param name="source">The audio, in any format; read to its end on another thread and left open.</param>
    /// <param name="options">How to encode; null for the encoder's own.</param>
    /// <param name="progress">Told how much of the source was taken, from time to time.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="VoiceFormatException">The source's bytes are broken.</exception>
    /// <exception cref="OpusCodecException">The codec cannot be loaded or reports an error.</exception>
    /// <exception cref="IOException">The source could not be read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<VoiceMessage> EncodeAsync(
        IAudioReader source,
        VoiceEncodingOptions? options = null,
        IProgress<TimeSpan>? progress = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Encodes all of a source to Ogg Opus, in memory that does not grow with its length. Never blocks on the output.
    /// </summary>
    /// <param name="source">The audio, in any format; read to its end on another thread and left open.</param>
    /// <param name="output">Where the Ogg Opus goes; stays open.</param>
    /// <param name="options">How to encode; null for the encoder's own.</param>
    /// <param name="progress">Told how much of the source was taken, from time to time.</param>
    /// <param name="cancellationToken">Ends the work; what was written by then is not a whole file.</param>
    /// <returns>How much audio was encoded.</returns>
    /// <exception cref="VoiceFormatException">The source's bytes are broken.</exception>
    /// <exception cref="OpusCodecException">The codec cannot be loaded or reports an error.</exception>
    /// <exception cref="IOException">The source or the output failed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<TimeSpan> EncodeAsync(
        IAudioReader source,
        Stream output,
        VoiceEncodingOptions? options = null,
        IProgress<TimeSpan>? progress = null,
        CancellationToken cancellationToken = default);

    /// <summary>Encodes PCM into a message in memory.</summary>
    /// <param name="pcm">Interleaved floats, nominally in [−1, 1].</param>
    /// <param name="format">Their format.</param>
    /// <param name="options">How to encode; null for the encoder's own.</param>
    /// <param name="progress">Told how much of it was taken, from time to time.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentException">The last frame is not whole.</exception>
    /// <exception cref="OpusCodecException">The codec cannot be loaded or reports an error.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<VoiceMessage> EncodeAsync(
        ReadOnlyMemory<float> pcm,
        AudioFormat format,
        VoiceEncodingOptions? options = null,
        IProgress<TimeSpan>? progress = null,
        CancellationToken cancellationToken = default) =>
        EncodeAsync(new PcmReader(pcm, format), options, progress, cancellationToken);
}
