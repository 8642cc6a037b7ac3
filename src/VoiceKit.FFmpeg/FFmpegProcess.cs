namespace VoiceKit.FFmpeg;

/// <summary>
/// The program at work, as a stream of what it writes to its standard output. Ended, with what it has started, on cancelling,
/// when it gives nothing for too long, and on disposing. A reader that is forgotten lets its pipe be closed, which ends the
/// program too.
/// </summary>
internal sealed class FFmpegProcess : Stream
{
    // In milliseconds.
    private const int Tick = 50;

    private readonly ChildProcess _process;
    private readonly Stream _output;
    private readonly ProcessLog _log;
    private readonly PipeWait _wait;
    private readonly Timer? _watch;
    private readonly TimeSpan _timeout;
    private readonly CancellationToken _cancellationToken;
    private readonly CancellationTokenRegistration _registration;
    private bool _isEnded;
    private volatile bool _isStalled;
    private volatile bool _isStopped;
    private volatile bool _isDisposed;

    /// <summary>Starts the program.</summary>
    /// <param name="options">How it is used.</param>
    /// <param name="arguments">What it is told.</param>
    /// <param name="path">The file that it reads, which is left out of what it says.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public FFmpegProcess(FFmpegOptions options, IEnumerable<string> arguments, string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _process = ChildProcess.Start(options, arguments);
        _output = _process.Output;
        _process.Input.Dispose();
        _log = new ProcessLog(_process, path);
        _timeout = options.Timeout;
        _wait = new PipeWait(_output);
        _watch = _wait.IsSupported
            ? null
            : new Timer(static state => ((FFmpegProcess)state!).EndStalled(), this, Timeout.Infinite, Timeout.Infinite);
        _cancellationToken = cancellationToken;

        // A token that lives long does not keep a reader that was forgotten.
        _registration = cancellationToken.UnsafeRegister(Cancel, new WeakReference<FFmpegProcess>(this));
    }

    /// <summary>The process' number.</summary>
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
    /// <exception cref="VoiceFormatException">The program finds nothing in its input that it can decode.</exception>
    /// <exception cref="FFmpegException">The program has failed, or gave nothing for too long.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (_isEnded)
            return 0;
        var count = WaitForOutput() ? ReadOutput(buffer) : 0;
        if (count == 0)
            CheckEnd();
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

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
        _watch?.Dispose();
        Stop();
        _process.WaitForExit(ProcessLog.EndLimit);
        _log.Dispose();
        _output.Dispose();
        _process.Dispose();
        base.Dispose(disposing);
    }

    private static void Cancel(object? state)
    {
        if (((WeakReference<FFmpegProcess>)state!).TryGetTarget(out var process))
            process.Stop();
    }

    private void Stop()
    {
        _isStopped = true;
        _process.Kill();
    }

    private void EndStalled()
    {
        _isStalled = true;
        Stop();
    }

    // The end of the program need not be that of its output: what it has started may have that open too, and then give nothing.
    private bool WaitForOutput()
    {
        if (!_wait.IsSupported)
            return true;
        var start = Environment.TickCount64;
        while (!_isStopped)
        {
            var hasExited = _process.HasExited;
            if (_wait.IsReadable(Tick))
                return true;
            if (hasExited)
                return false;
            if (Environment.TickCount64 - start >= _timeout.TotalMilliseconds)
                EndStalled();
        }

        return false;
    }

    private int ReadOutput(Span<byte> buffer)
    {
        _watch?.Change(_timeout, Timeout.InfiniteTimeSpan);
        try
        {
            return _output.Read(buffer);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            return 0; // It was stopped meanwhile: the end tells why.
        }
        finally
        {
            _watch?.Change(Timeout.Infinite, Timeout.Infinite);
        }
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
            Stop();
            throw new FFmpegException("ffmpeg closed its output and did not end.", null, Log);
        }

        _log.WaitForEnd();
        _isEnded = true;
        if (_process.ExitCode != 0)
            throw FFmpegFailure.OfDecoding(_process.ExitCode, Log);
    }
}
