using VoiceKit.Audio;

namespace VoiceKit.FFmpeg;

/// <summary>
/// Opens files with the ffmpeg program, for all that takes an <see cref="IAudioDecoder"/>, such as a <c>VoiceImporter</c>.
/// </summary>
/// <param name="options">How the program is used; null for the defaults.</param>
public sealed class FFmpegDecoder(FFmpegOptions? options = null) : IAudioDecoder
{
    /// <summary>A decoder that finds the program in PATH.</summary>
    public static FFmpegDecoder Default { get; } = new();

    /// <inheritdoc/>
    /// <exception cref="VoiceFormatException">There is no audio in it that the program can decode.</exception>
    /// <exception cref="FFmpegException">The program is not there, or has failed.</exception>
    public IAudioReader Open(string path, CancellationToken cancellationToken = default) =>
        FFmpegAudioReader.Open(path, options, cancellationToken);
}
