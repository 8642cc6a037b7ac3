using System.Runtime.InteropServices;

namespace VoiceKit.FFmpeg;

/// <summary>
/// The program at work on samples that it is given. Ended, with what it has started, on cancelling, when it takes nothing for too long,
/// and on disposing.
/// </summary>
internal sealed class FFmpegEncoderProcess : IDisposable
{
    private readonly ChildProcess _process;
    private readonly Stream _input;
    private readonly ProcessLog _log;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _draining;
    private readonly Timer _watch;
    private readonly TimeSpan _timeout;
    private readonly CancellationToken _cancellationToken;
    private readonly CancellationTokenRegistration _registration;
    private volatile bool _isStalled;

    public FFmpegEncoderProcess(FFmpegOptions options, IEnumerable<string> arguments, string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _process = ChildProcess.Start(options, arguments);
        _input = _process.Input;
        _log = new ProcessLog(_process, path);
        _draining = new LogTail().ReadAsync(_process.Output, _end.Token);
        _timeout = options.Timeout;
        _watch = new Timer(static state => ((FFmpegEncoderProcess)state!).EndStalled(), this, Timeout.Infinite, Timeout.Infinite);
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
        _watch.Change(_timeout, Timeout.InfiniteTimeSpan);
        try
        {
            _input.Write(MemoryMarshal.AsBytes(samples));
        }
        catch (Exception exception) when (IsPipeGone(exception))
        {
            // It has closed its input, or was stopped: it tells why when it ends.
            WaitForEnd();
            throw Failed("ffmpeg did not take all samples");
        }

        _watch.Change(Timeout.Infinite, Timeout.Infinite);
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
        _watch.Dispose();
        Stop();
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

    // What the program has started may have its input open too, and read nothing.
    private void Stop()
    {
        _process.Kill();
        CloseInput();
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
        _watch.Change(Timeout.Infinite, Timeout.Infinite);
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
