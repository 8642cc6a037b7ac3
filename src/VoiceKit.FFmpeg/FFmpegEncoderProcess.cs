using System.Diagnostics;
using System.Runtime.InteropServices;

namespace VoiceKit.FFmpeg;

/// <summary>
/// The program at work on samples that it is given. Ended, with what it may have started, on cancelling, when it takes nothing for too
/// long, and on disposing.
/// </summary>
internal sealed class FFmpegEncoderProcess : IDisposable
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly Stream _input;
    private readonly LogTail _log = new();
    private readonly Task _reading;
    private readonly Task _draining;
    private readonly Timer _watch;
    private readonly TimeSpan _timeout;
    private readonly CancellationToken _cancellationToken;
    private readonly CancellationTokenRegistration _registration;
    private volatile bool _isStalled;

    public FFmpegEncoderProcess(FFmpegOptions options, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _process = FFmpegProgram.Start(options.Program, arguments);
        _input = _process.StandardInput.BaseStream;
        _reading = _log.ReadAsync(_process.StandardError.BaseStream);
        _draining = new LogTail().ReadAsync(_process.StandardOutput.BaseStream);
        _timeout = options.Timeout;
        _watch = new Timer(static state => ((FFmpegEncoderProcess)state!).EndStalled(), this, Timeout.Infinite, Timeout.Infinite);
        _cancellationToken = cancellationToken;
        _registration = cancellationToken.UnsafeRegister(static state => FFmpegProgram.Kill((Process)state!), _process);
    }

    /// <summary>The process' number, while it is there.</summary>
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
        catch (IOException)
        {
            // It has closed its input: it tells why when it ends.
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
        try
        {
            _input.Dispose();
        }
        catch (IOException)
        {
            // It has closed its input.
        }

        WaitForEnd();
        if (_process.ExitCode != 0)
            throw Failed("ffmpeg cannot write the file");
    }

    public void Dispose()
    {
        _registration.Dispose();
        _watch.Dispose();
        FFmpegProgram.Kill(_process);
        _process.WaitForExit(EndLimit);
        _process.Dispose();
    }

    private void EndStalled()
    {
        _isStalled = true;
        FFmpegProgram.Kill(_process);
    }

    private void WaitForEnd()
    {
        _watch.Change(Timeout.Infinite, Timeout.Infinite);
        if (!_process.WaitForExit(_timeout))
            EndStalled();
        _process.WaitForExit(EndLimit);
        _cancellationToken.ThrowIfCancellationRequested();
        Task.WaitAll([_reading, _draining], EndLimit);
        if (_isStalled)
            throw new FFmpegException($"ffmpeg did nothing for {_timeout.TotalSeconds:0.##} s and was ended.", null, _log.Text);
    }

    private FFmpegException Failed(string what) => new(
        $"{what} (it returned {_process.ExitCode}): {FFmpegProgram.LastOf(_log.Text)}", _process.ExitCode, _log.Text);
}
