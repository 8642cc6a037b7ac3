using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.FFmpeg;
using VoiceKit.LibOpus;

namespace VoiceKit.Cli;

/// <summary>The PCM of an input of any format. The content decides, not the name.</summary>
internal static class AnyAudio
{
    /// <summary>Opens the input and works on it. Whatever goes wrong is told with its name.</summary>
    /// <param name="path">The input; - for stdin.</param>
    /// <param name="workOnOpus">Works on Opus in any container, which is to stay open.</param>
    /// <param name="work">Works on anything else.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static T Read<T>(string path, Func<Stream, T> workOnOpus, Func<IAudioReader, T> work, CancellationToken cancellationToken)
    {
        try
        {
            using var stream = Open(path, out var start);
            if (IsPcm(start))
                return Use(AudioFiles.Open(stream, leaveOpen: true), work);
            return IsForFFmpeg(start) || (IsContainer(start) && stream.CanSeek && !HasOpus(stream))
                ? Use(OpenFFmpeg(path, stream, cancellationToken), work)
                : workOnOpus(stream);
        }
        catch (Exception exception) when (exception is VoiceFormatException or FFmpegException)
        {
            throw InputException.From(Input.NameOf(path), exception);
        }
    }

    private static Stream Open(string path, out string start)
    {
        var stream = PrefixStream.Peek(Input.Open(path), 12, out start);
        return path == "-" && IsContainer(start) && start[..4] != "OggS" ? Keep(stream) : stream;
    }

    private static T Use<T>(IAudioReader audio, Func<IAudioReader, T> work)
    {
        using (audio)
            return work(audio);
    }

    private static bool HasOpus(Stream stream)
    {
        try
        {
            OpusContainers.Open(stream, leaveOpen: true).Dispose();
            return true;
        }
        catch (VoiceFormatException)
        {
            return false;
        }
        finally
        {
            stream.Position = 0;
        }
    }

    // Whether there is Opus in it is told by its end, maybe. The file is gone when it is closed, and on Unix at once.
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

    private static FFmpegAudioReader OpenFFmpeg(string path, Stream stream, CancellationToken cancellationToken) => path == "-"
        ? FFmpegAudioReader.Open(stream, null, cancellationToken)
        : FFmpegAudioReader.Open(path, null, cancellationToken);

    private static bool IsPcm(string start) =>
        start.Length == 12
            && (start[..4] is "RIFF" or "RF64" or "BW64" && start[8..] == "WAVE" || start[..4] == "FORM" && start[8..11] == "AIF");

    private static bool IsContainer(string start) =>
        start.Length == 12 && (start[..4] is "OggS" or "caff" or "\u001AE\u00DF\u00A3" || start[4..8] == "ftyp");

    // FLAC, AMR, MP3 and ADTS, Windows Media, AU, Wave64.
    private static bool IsForFFmpeg(string start) =>
        start.Length == 12 && (start[..4] is "fLaC" or "#!AM" or "0&\u00B2u" or ".snd" or "riff" || start[..3] == "ID3"
            || start[0] == '\u00FF' && start[1] >= '\u00E0' && start[1] != '\u00FE');
}
