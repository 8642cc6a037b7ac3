using System.Diagnostics;

namespace VoiceKit.FFmpeg;

/// <summary>
/// The program at work, as a stream of what it writes to its standard output. Started without a shell; ended, with what it may have
/// started, on cancelling, when it gives nothing for too long, and on disposing.
/// </summary>
internal sealed class FFmpegProcess : Stream
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly Stream _output;
    private readonly LogTail _log = new();
    private readonly Task _reading;
    private readonly Timer _watch;
    private readonly TimeSpan _timeout;
    private readonly CancellationToken _cancellationToken;
    private readonly CancellationTokenRegistration _registration;
    private bool _isEnded;
    private volatile bool _isStalled;
    private volatile bool _isDisposed;

    /// <summary>Starts the program.</summary>
    public FFmpegProcess(FFmpegOptions options, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _process = FFmpegProgram.Start(options.Program, arguments);
        _output = _process.StandardOutput.BaseStream;
        _process.StandardInput.Close();
        _reading = _log.ReadAsync(_process.StandardError.BaseStream);
        _timeout = options.Timeout;
        _watch = new Timer(static state => ((FFmpegProcess)state!).EndStalled(), this, Timeout.Infinite, Timeout.Infinite);
        _cancellationToken = cancellationToken;
        _registration = cancellationToken.UnsafeRegister(static state => ((FFmpegProcess)state!).Kill(), this);
    }

    /// <summary>The process' number, while it is there.</summary>
    public int Id => _process.Id;

    /// <summary>The last lines of the program's standard error.</summary>
    public string Log => _log.Text;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    /// <exception cref="FFmpegException">The program has failed, or gave nothing for too long.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (_isEnded)
            return 0;
        _watch.Change(_timeout, Timeout.InfiniteTimeSpan);
        var count = _output.Read(buffer);
        _watch.Change(Timeout.Infinite, Timeout.Infinite);
        if (count == 0)
            CheckEnd();
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>Ends the program, if it is still there.</summary>
    public void Kill() => FFmpegProgram.Kill(_process);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (!disposing || _isDisposed)
            return;
        _isDisposed = true;
        _registration.Dispose();
        _watch.Dispose();
        if (!_isEnded)
            Kill();
        _process.WaitForExit(EndLimit);
        _output.Dispose();
        _process.Dispose();
        base.Dispose(disposing);
    }

    private void EndStalled()
    {
        _isStalled = true;
        Kill();
    }

    private void CheckEnd()
    {
        _cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_isDisposed, typeof(FFmpegAudioReader));
        if (_isStalled)
            throw new FFmpegException($"ffmpeg gave nothing for {_timeout.TotalSeconds:0.##} s and was ended.", null, Log);

        // Its output is closed: it is about to end, unless something is very wrong.
        if (!_process.WaitForExit(_timeout))
        {
            Kill();
            throw new FFmpegException("ffmpeg closed its output and did not end.", null, Log);
        }

        _reading.Wait(EndLimit);
        _isEnded = true;
        if (_process.ExitCode != 0)
            throw Failed();
    }

    private FFmpegException Failed() => new(Describe(), _process.ExitCode, Log);

    private string Describe() => Log.Contains("matches no streams", StringComparison.Ordinal)
        ? "There is no sound in the file."
        : $"ffmpeg cannot decode the file (it returned {_process.ExitCode}): {FFmpegProgram.LastOf(Log)}";
}
