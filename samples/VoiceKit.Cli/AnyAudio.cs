using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.FFmpeg;
using VoiceKit.IO;

namespace VoiceKit.Cli;

/// <summary>The PCM of an input of any format. The content decides, not the name.</summary>
internal static class AnyAudio
{
    /// <summary>Opens the input and works on it. Whatever goes wrong is told with its name.</summary>
    /// <param name="path">The input; - for stdin.</param>
    /// <param name="workOnOpus">Works on Opus in any container, which is to stay open.</param>
    /// <param name="work">Works on anything else.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static T Read<T>(
        string path, Func<Stream, T> workOnOpus, Func<IAudioReader, T> work, CancellationToken cancellationToken)
    {
        try
        {
            using var stream = Open(path, out var start);
            if (TryOpenPcm(stream, start) is { } pcm)
                return Use(pcm, work);
            return FindOpus(stream) is { } refusal
                ? Use(OpenFFmpeg(path, stream, start, refusal, cancellationToken), work)
                : workOnOpus(stream);
        }
        catch (Exception exception) when (exception is VoiceFormatException or FFmpegException)
        {
            throw InputException.From(Input.NameOf(path), exception);
        }
    }

    // WAV and AIFF can be read as they come. What else comes through a pipe is looked at more than once, so it is kept in a file.
    private static Stream Open(string path, out string start)
    {
        var stream = PrefixStream.Peek(Input.Open(path), 12, out start);
        return stream.CanSeek || IsPcm(start) ? stream : Keep(stream);
    }

    // A WAV file may hold anything: what is not read here may be read by ffmpeg.
    private static IAudioReader? TryOpenPcm(Stream stream, string start)
    {
        if (!IsPcm(start))
            return null;
        try
        {
            return AudioFiles.Open(stream, leaveOpen: true);
        }
        catch (VoiceFormatException exception) when (stream.CanSeek && exception.Data.Contains("VoiceKit.OtherCodec"))
        {
            stream.Position = 0;
            return null;
        }
    }

    private static VoiceFormatException? FindOpus(Stream stream)
    {
        try
        {
            OpusContainers.Open(stream, leaveOpen: true).Dispose();
            return null;
        }
        catch (VoiceFormatException exception)
        {
            return exception;
        }
        finally
        {
            stream.Position = 0;
        }
    }

    private static T Use<T>(IAudioReader audio, Func<IAudioReader, T> work)
    {
        using (audio)
            return work(audio);
    }

    // The file is gone when it is closed, and on Unix at once.
    private static FileStream Keep(Stream stream)
    {
        using (stream)
        {
            var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Options = FileOptions.DeleteOnClose,
            };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            var file = new FileStream(path, options);
            if (!OperatingSystem.IsWindows())
                File.Delete(path);
            stream.CopyTo(file);
            file.Position = 0;
            return file;
        }
    }

    // Where ffmpeg makes nothing of what is no known sound, the library's own words say more.
    private static FFmpegAudioReader OpenFFmpeg(
        string path, Stream stream, string start, VoiceFormatException refusal, CancellationToken cancellationToken)
    {
        try
        {
            var isKept = stream is not NamedStream;
            return path != "-" && !isKept
                ? FFmpegAudioReader.Open(path, null, cancellationToken)
                : FFmpegAudioReader.Open(stream, null, cancellationToken);
        }
        catch (VoiceFormatException) when (!IsSound(start))
        {
            throw refusal;
        }
    }

    private static bool IsPcm(string start) =>
        start.Length == 12
            && (start[..4] is "RIFF" or "RF64" or "BW64" && start[8..] == "WAVE" || start[..4] == "FORM"
                && start[8..11] == "AIF");

    // Containers, FLAC, AMR, MP3 and ADTS, Windows Media, AU, Wave64.
    private static bool IsSound(string start) =>
        start.Length == 12 && (IsPcm(start)
            || start[..4] is "OggS" or "caff" or "\u001AE\u00DF\u00A3" or "fLaC" or "#!AM" or "0&\u00B2u" or ".snd" or "riff"
            || start[4..8] == "ftyp" || start[..3] == "ID3"
            || (start[0] == '\u00FF' && start[1] >= '\u00E0' && start[1] != '\u00FE'));
}
