using System.Globalization;
using VoiceKit.Audio;

namespace VoiceKit.FFmpeg;

/// <summary>
/// The PCM of whatever file the ffmpeg program decodes, at its own rate and with its own channels, in the order of WAV: M4A (AAC,
/// ALAC), ADTS, MP3, FLAC, Vorbis, AMR, 3GP, WMA and more. What encoders add at the ends is left out where the file tells of it;
/// where it does not, what the codec itself needs to begin is left out: a frame of ADTS, 529 samples of MP3. Pauses that only time
/// stamps tell of are silence.
/// </summary>
/// <remarks>
/// <para>The program is started without a shell, reads the one file, and gives its samples through a pipe. It may use no protocol
/// but that of local files, and no demuxer but those of <see cref="FFmpegOptions.Formats"/>: a playlist, whatever its name, is
/// refused instead of being followed. It is ended when the reader is disposed or forgotten, when the token is cancelled, and when
/// it gives nothing for as long as <see cref="FFmpegOptions.Timeout"/>.</para>
/// <para>A damaged file is decoded as far as it goes; <see cref="Log"/> tells of it. Memory does not grow with the file's length. Not
/// thread-safe.</para>
/// </remarks>
public sealed class FFmpegAudioReader : IAudioReader
{
    private readonly FFmpegProcess _process;
    private readonly BoundedReader _sound;
    private readonly string? _temporaryPath;
    private bool _disposed;

    private FFmpegAudioReader(string path, FFmpegOptions options, string? temporaryPath, CancellationToken cancellationToken)
    {
        _temporaryPath = temporaryPath;
        var bounds = SoundBounds.Read(path);
        _process = new FFmpegProcess(options, Arguments(path, options, bounds.Pauses), cancellationToken);
        try
        {
            _sound = Bound(OpenWav(_process, options), bounds);
        }
        catch
        {
            GC.SuppressFinalize(this);
            _process.Dispose();
            throw;
        }
    }

    /// <summary>Ends the program of a reader that nobody has disposed.</summary>
    ~FFmpegAudioReader()
    {
        // Null where the constructor has failed.
        _process?.Kill();
        Delete(_temporaryPath);
    }

    /// <inheritdoc/>
    public AudioFormat Format => _sound.Format;

    /// <summary>Null until the end: only decoding tells.</summary>
    public long? FrameCount => _sound.FrameCount;

    /// <summary>What the program warned of so far: its last lines, 8 KiB at most. Text from the file may be in it.</summary>
    public string Log => _process.Log;

    /// <summary>The number of the process.</summary>
    internal int ProcessId => _process.Id;

    /// <summary>Opens the first audio stream of a file.</summary>
    /// <param name="path">The file; its content decides what it is, not its name.</param>
    /// <param name="options">How the program is used; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the program; reading throws then.</param>
    /// <exception cref="FFmpegException">The program is not there, or cannot decode the file.</exception>
    /// <exception cref="IOException">The file is not there.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static FFmpegAudioReader Open(string path, FFmpegOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = Path.GetFullPath(path);
        if (!File.Exists(full))
            throw new FileNotFoundException($"There is no file '{path}'.", path);
        return new FFmpegAudioReader(full, options ?? new FFmpegOptions(), null, cancellationToken);
    }

    /// <summary>
    /// Opens the first audio stream of what a stream holds, which is copied to a temporary file first: most formats want to be read
    /// back and forth, an M4A with its tables at the end above all. The file goes away with the reader.
    /// </summary>
    /// <param name="stream">The bytes, from where the stream stands to its end; left open.</param>
    /// <param name="options">How the program is used; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the program; reading throws then.</param>
    /// <exception cref="FFmpegException">The program is not there, or cannot decode the bytes.</exception>
    /// <exception cref="IOException">The stream could not be read, or the temporary file not be written.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static FFmpegAudioReader Open(Stream stream, FFmpegOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            Copy(stream, path, cancellationToken);
            return new FFmpegAudioReader(path, options ?? new FFmpegOptions(), path, cancellationToken);
        }
        catch
        {
            Delete(path);
            throw;
        }
    }

    /// <inheritdoc/>
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
        GC.SuppressFinalize(this);
        _sound.Dispose();
        Delete(_temporaryPath);
    }

    // The name of a protocol before an absolute path: no file name can be taken for an option, an address or a pattern.
    private static string[] Arguments(string path, FFmpegOptions options, TimedPauses pauses) =>
    [
        "-nostdin", "-hide_banner", "-v", "warning",
        "-protocol_whitelist", "file", "-format_whitelist", string.Join(',', options.Formats), "-i", "file:" + path,
        "-map", "0:a:0", "-vn", "-sn", "-dn", "-map_metadata", "-1", .. Keep(pauses, path),
        "-c:a", "pcm_f32le", "-f", "wav", "pipe:1",
    ];

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

    private static WavReader OpenWav(FFmpegProcess process, FFmpegOptions options)
    {
        try
        {
            return new WavReader(process, leaveOpen: false);
        }
        catch (VoiceFormatException exception)
        {
            throw new FFmpegException($"'{options.Program}' gave no samples: {exception.Message}", null, process.Log, exception);
        }
    }

    private static void Copy(Stream stream, string path, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
        var buffer = new byte[64 * 1024];
        int count;
        while ((count = stream.Read(buffer)) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            file.Write(buffer, 0, count);
        }
    }

    private static void Delete(string? path)
    {
        try
        {
            if (path is not null)
                File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The system clears its folder for temporary files in its own time.
        }
    }
}
