using System.Globalization;
using VoiceKit.Audio;
using VoiceKit.IO;
using VoiceKit.Storage;

namespace VoiceKit.FFmpeg;

/// <summary>
/// Writes messages as MP3, M4A or ADTS with the ffmpeg program, for mail, for Signal and for programs that know no Opus. What is
/// louder than full scale is bent down to it, as the player does it. The file says when the message was sent and has the name of
/// its file for a title; it does not say who sent it, or anything else that a store knows.
/// </summary>
/// <remarks>
/// The program is started without a shell, is given the samples through a pipe, and writes one temporary file, which only the
/// person can read. It is ended on cancelling, and when it does nothing for as long as <see cref="FFmpegOptions.Timeout"/>; on
/// Linux and Windows it ends with this process too, and on Linux the file goes away with it. Memory does not grow with the
/// message's length. Thread-safe.
/// </remarks>
/// <param name="format">What to write.</param>
/// <param name="options">How the program is used; null for the defaults.</param>
public sealed class FFmpegExporter(FFmpegExportFormat format, FFmpegOptions? options = null) : IVoiceMessageExporter
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    private readonly FFmpegExportFormat _format = Enum.IsDefined(format)
        ? format
        : throw new ArgumentOutOfRangeException(nameof(format), format, "There is no such format.");

    private readonly FFmpegOptions _options = options ?? new FFmpegOptions();

    /// <inheritdoc/>
    /// <exception cref="FFmpegException">The program is not there, has failed, or did nothing for too long.</exception>
    /// <exception cref="VoiceFormatException">The source's bytes are broken.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task ExportAsync(
        StoredVoiceMessage message, IAudioReader source, Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(output);
        return RunAsync(message, source, output, cancellationToken);
    }

    private async Task RunAsync(
        StoredVoiceMessage message, IAudioReader source, Stream output, CancellationToken cancellationToken)
    {
        using var file = ScratchFile.Create();
        await Task.Run(() => Encode(message, source, file.Path, cancellationToken), cancellationToken).ConfigureAwait(false);
        file.Stream.Position = 0;
        await file.Stream.CopyToAsync(output, cancellationToken).ConfigureAwait(false);
    }

    private void Encode(StoredVoiceMessage message, IAudioReader source, string path, CancellationToken cancellationToken)
    {
        using var program = new FFmpegEncoderProcess(_options, Arguments(message, source.Format, path), path, cancellationToken);
        Feed(source, program);
        program.Finish();
    }

    private static void Feed(IAudioReader source, FFmpegEncoderProcess program)
    {
        var samples = new float[4096 * source.Format.Channels];
        var clipper = new SoftClipper(source.Format.Channels);
        int count;
        while ((count = source.Read(samples)) > 0)
        {
            clipper.Process(samples.AsSpan(0, count));
            program.Write(samples.AsSpan(0, count));
        }
    }

    private string[] Arguments(StoredVoiceMessage message, AudioFormat source, string path) =>
    [
        "-nostdin", "-hide_banner", "-v", "warning", "-y",
        "-protocol_whitelist", "pipe,fd", "-f", BitConverter.IsLittleEndian ? "f32le" : "f32be",
        "-ar", source.SampleRate.ToString(CultureInfo.InvariantCulture),
        "-ac", source.Channels.ToString(CultureInfo.InvariantCulture),
        "-i", "pipe:0", "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact",
        "-metadata", "title=" + Path.GetFileNameWithoutExtension(message.Path),
        "-metadata", "date=" + message.Time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture),
        .. Encoding(source.Channels), "file:" + path,
    ];

    private string[] Encoding(int channels) => _format switch
    {
        FFmpegExportFormat.Mp3 =>
            ["-c:a", "libmp3lame", "-b:a", $"{64 * channels}k", "-id3v2_version", "4", "-write_xing", "1", "-f", "mp3"],
        FFmpegExportFormat.Adts =>
            ["-ac", "1", "-ar", "44100", "-c:a", "aac", "-profile:a", "aac_low", "-b:a", "32k", "-f", "adts"],
        _ => ["-c:a", "aac", "-b:a", $"{48 * channels}k", "-movflags", "+faststart", "-f", "ipod"],
    };
}
