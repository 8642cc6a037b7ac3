using System.Globalization;
using VoiceKit.Audio;
using VoiceKit.IO;

namespace VoiceKit.FFmpeg;

/// <summary>
/// The PCM of whatever file the ffmpeg program decodes, at its own rate and with its own channels, in the order of WAV: M4A (AAC,
/// ALAC), ADTS, MP3, FLAC, Vorbis, AMR, 3GP, WMA and more. What encoders add at the ends is left out where the file tells of it;
/// where it does not, what the codec itself needs to begin is left out: a frame of ADTS, 529 samples of MP3. Pauses that only
/// time stamps tell of are silence.
/// </summary>
/// <remarks>
/// <para>The program is started without a shell, reads the one file, and gives its samples through a pipe. It may use no protocol
/// but that of local files, and no demuxer but those of <see cref="FFmpegOptions.Formats"/>: a playlist, whatever its name, is
/// refused instead of being followed. It is ended, with what it has started, when the reader is disposed or forgotten, when the
/// token is cancelled, and when it gives nothing for as long as <see cref="FFmpegOptions.Timeout"/>; on Linux and Windows it ends
/// with this process too. What it may use is limited by the options.</para>
/// <para>A damaged file is decoded as far as it goes; <see cref="Log"/> tells of it. Memory does not grow with the file's length.
/// Not thread-safe.</para>
/// </remarks>
public sealed class FFmpegAudioReader : IAudioReader
{
    private readonly FFmpegProcess _process;
    private readonly BoundedReader _sound;
    private readonly ScratchFile? _copy;
    private bool _disposed;

    private FFmpegAudioReader(string path, FFmpegOptions options, ScratchFile? copy, CancellationToken cancellationToken)
    {
        _copy = copy;
        if (options.InputFormat is null)
            FFmpegFailure.RefuseSilk(path);
        var bounds = options.InputFormat is null ? SoundBounds.Read(path) : default;
        _process = new FFmpegProcess(options, Arguments(path, options, bounds.Pauses), path, cancellationToken);
        try
        {
            _sound = Bound(OpenWav(_process), bounds);
        }
        catch (VoiceFormatException exception)
        {
            _process.Dispose();
            throw FFmpegFailure.Name(exception, path);
        }
        catch
        {
            _process.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public AudioFormat Format => _sound.Format;

    /// <summary>Null until the end, since only decoding tells the length.</summary>
    public long? FrameCount => _sound.FrameCount;

    /// <summary>What the program warned of so far: its last lines, 8 KiB at most. Text from the file may be in it.</summary>
    public string Log => _process.Log;

    /// <summary>The number of the process.</summary>
    internal int ProcessId => _process.Id;

    /// <summary>Opens the first audio stream of a file.</summary>
    /// <param name="path">The file; its content decides what it is, not its name.</param>
    /// <param name="options">How the program is used; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the program; reading throws then.</param>
    /// <exception cref="VoiceFormatException">There is no audio in it that the program can decode.</exception>
    /// <exception cref="FFmpegException">The program is not there, or has failed.</exception>
    /// <exception cref="IOException">The file is not there.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static FFmpegAudioReader Open(
        string path, FFmpegOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = Path.GetFullPath(path);
        if (!File.Exists(full))
            throw new FileNotFoundException($"There is no file '{path}'.", path);
        return new FFmpegAudioReader(full, options ?? new FFmpegOptions(), null, cancellationToken);
    }

    /// <summary>
    /// Opens the first audio stream of what a stream holds, which is copied to a temporary file first: most formats want to be
    /// read back and forth, an M4A with its tables at the end above all. The file goes away with the reader.
    /// </summary>
    /// <param name="stream">The bytes, from where the stream stands to its end; left open.</param>
    /// <param name="options">How the program is used; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the program; reading throws then.</param>
    /// <exception cref="VoiceFormatException">There is no audio in it that the program can decode.</exception>
    /// <exception cref="FFmpegException">The program is not there, or has failed.</exception>
    /// <exception cref="IOException">The stream could not be read, or the temporary file not be written.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static FFmpegAudioReader Open(
        Stream stream, FFmpegOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var copy = ScratchFile.Create();
        try
        {
            Copy(stream, copy.Stream, cancellationToken);
            return new FFmpegAudioReader(copy.Path, options ?? new FFmpegOptions(), copy, cancellationToken);
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="VoiceFormatException">The program can decode the file no further.</exception>
    /// <exception cref="FFmpegException">The program has failed, or gave nothing for too long.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The reader was disposed.</exception>
    public int Read(Span<float> buffer)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _sound.Read(buffer);
    }

    /// <summary>Ends the program, if it is still at work, and waits for that.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _sound.Dispose();
        _copy?.Dispose();
    }

    // The name of a protocol before an absolute path: no file name can be taken for an option, an address or a pattern.
    private static string[] Arguments(string path, FFmpegOptions options, TimedPauses pauses) =>
    [
        "-nostdin", "-hide_banner", "-v", "warning",
        "-protocol_whitelist", "file", "-format_whitelist", string.Join(',', options.Formats), .. As(options), "-i",
        "file:" + path,
        "-map", "0:a:0", "-vn", "-sn", "-dn", "-map_metadata", "-1", .. Keep(pauses, path),
        "-c:a", "pcm_f32le", "-f", "wav", "pipe:1",
    ];

    private static string[] As(FFmpegOptions options) => options.InputFormat is { } format ? ["-f", format] : [];

    // Time stamps may state any pause, so that a small file could ask for years of silence: an hour is given beyond what the file
    // can hold, with a byte for 20 ms.
    private static string[] Keep(TimedPauses pauses, string path)
    {
        if (pauses == TimedPauses.None)
            return [];
        var filter = pauses == TimedPauses.All ? "first_pts=0:min_hard_comp=0.01" : "min_hard_comp=0.1";
        var most = 3600 + new FileInfo(path).Length / 50;
        return ["-af", "aresample=async=1:" + filter, "-t", most.ToString(CultureInfo.InvariantCulture)];
    }

    // The rate may be twice what the file states: HE-AAC tells of its upper half only within its frames.
    private static BoundedReader Bound(WavReader wav, SoundBounds bounds)
    {
        var rate = wav.Format.SampleRate;
        var counted = bounds.Rate == 0 ? rate : bounds.Rate;
        long? end = bounds.Length is { } length ? InFrames(length) : null;
        return new BoundedReader(wav, InFrames(bounds.Skip), end, bounds.Pauses == TimedPauses.All);

        long InFrames(long frames) => (long)Int128.Min(long.MaxValue, (Int128)frames * rate / counted);
    }

    private static WavReader OpenWav(FFmpegProcess process)
    {
        try
        {
            return new WavReader(process, leaveOpen: false);
        }
        catch (VoiceFormatException exception) when (exception.InnerException is not FFmpegException)
        {
            throw FFmpegFailure.OfNothing(process.Log, exception);
        }
    }

    private static void Copy(Stream stream, FileStream copy, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        int count;
        while ((count = stream.Read(buffer)) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            copy.Write(buffer, 0, count);
        }
    }
}
