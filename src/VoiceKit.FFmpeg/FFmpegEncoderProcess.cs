using System.Runtime.InteropServices;

namespace VoiceKit.FFmpeg;

/// <summary>
/// The program at work on samples that it is given. Ended, with what it has started, on cancelling, when it takes nothing for too
/// long, and on disposing.
/// </summary>
internal sealed class FFmpegEncoderProcess : IDisposable
{
    // What a pipe takes at once when it has any room; and how long one wait is, in milliseconds.
    private const int Piece = 4096;
    private const int Tick = 50;

    private readonly ChildProcess _process;
    private readonly Stream _input;
    private readonly ProcessLog _log;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _draining;
    private readonly PipeWait _wait;
    private readonly Timer? _watch;
    private readonly TimeSpan _timeout;
    private readonly CancellationToken _cancellationToken;
    private readonly CancellationTokenRegistration _registration;
    private volatile bool _isStalled;
    private volatile bool _isStopped;

    public FFmpegEncoderProcess(
        FFmpegOptions options, IEnumerable<string> arguments, string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _process = ChildProcess.Start(options, arguments);
        _input = _process.Input;
        _log = new ProcessLog(_process, path);
        _draining = new LogTail().ReadAsync(_process.Output, _end.Token);
        _timeout = options.Timeout;
        _wait = new PipeWait(_input);
        _watch = _wait.IsSupported
            ? null
            : new Timer(static state => ((FFmpegEncoderProcess)state!).EndStalled(), this, Timeout.Infinite, Timeout.Infinite);
        _cancellationToken = cancellationToken;
        _registration = cancellationToken.UnsafeRegister(static state => ((FFmpegEncoderProcess)state!).Stop(), this);
    }

    /// <summary>The process' number.</summary>
    public int Id => _process.Id;

    /// <summary>Gives the program samples.</summary>
    /// <exception cref="FFmpegException">The program has failed, or took nothing for too long.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void Write(ReadOnlySpan<float> samples)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        try
        {
            for (var bytes = MemoryMarshal.AsBytes(samples); !bytes.IsEmpty; bytes = bytes[Math.Min(Piece, bytes.Length)..])
                Write(bytes[..Math.Min(Piece, bytes.Length)]);
        }
        catch (Exception exception) when (IsPipeGone(exception))
        {
            // It has closed its input, or was stopped: it tells why when it ends.
            WaitForEnd();
            throw Failed("ffmpeg did not take all samples");
        }
    }

    /// <summary>Ends the samples and waits for the program.</summary>
    /// <exception cref="FFmpegException">The program has failed, or took too long.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void Finish()
    {
        CloseInput();
        WaitForEnd();
        if (_process.ExitCode != 0)
            throw Failed("ffmpeg cannot write the file");
    }

    public void Dispose()
    {
        _registration.Dispose();
        _watch?.Dispose();
        Stop();
        CloseInput();
        _process.WaitForExit(ProcessLog.EndLimit);
        _end.Cancel();
        _draining.Wait(ProcessLog.EndLimit);
        _log.Dispose();
        _process.Dispose();
        _end.Dispose();
    }

    private static bool IsPipeGone(Exception exception) =>
        exception is IOException or ObjectDisposedException or OperationCanceledException;

    private void EndStalled()
    {
        _isStalled = true;
        Stop();
    }

    private void Stop()
    {
        _isStopped = true;
        _process.Kill();
    }

    private void Write(ReadOnlySpan<byte> piece)
    {
        if (!WaitForRoom())
            throw new IOException("The program takes nothing.");
        _watch?.Change(_timeout, Timeout.InfiniteTimeSpan);
        _input.Write(piece);
        _watch?.Change(Timeout.Infinite, Timeout.Infinite);
    }

    // What the program has started may have its input open too, and read nothing.
    private bool WaitForRoom()
    {
        var start = Environment.TickCount64;
        while (!_isStopped)
        {
            var hasExited = _process.HasExited;
            if (_wait.IsWritable(Tick))
                return true;
            if (hasExited)
                return false;
            if (Environment.TickCount64 - start >= _timeout.TotalMilliseconds)
                EndStalled();
        }

        return false;
    }

    private void CloseInput()
    {
        try
        {
            _input.Dispose();
        }
        catch (IOException)
        {
            // It has closed its input.
        }
    }

    private void WaitForEnd()
    {
        if (!_process.WaitForExit(_timeout))
            EndStalled();
        _process.WaitForExit(ProcessLog.EndLimit);
        _cancellationToken.ThrowIfCancellationRequested();
        _log.WaitForEnd();
        if (_isStalled)
            throw new FFmpegException($"ffmpeg did nothing for {_timeout.TotalSeconds:0.##} s and was ended.", null, _log.Text);
    }

    private FFmpegException Failed(string what) =>
        new(FFmpegFailure.Describe(what, _process.ExitCode, _log.Text), _process.ExitCode, _log.Text);
}
