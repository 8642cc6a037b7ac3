namespace VoiceKit.FFmpeg;

/// <summary>What a program writes to its standard error, while it does so.</summary>
internal sealed class ProcessLog : IDisposable
{
    /// <summary>How long a process is waited for that was killed.</summary>
    public static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);

    // How long the program's last words may be on their way when others have its pipe open, and otherwise.
    private static readonly TimeSpan GraceWhenHeld = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    private readonly ChildProcess _process;
    private readonly string _path;
    private readonly LogTail _tail = new();
    private readonly CancellationTokenSource _end = new();
    private readonly PipeWait _wait;
    private readonly Task _reading;

    /// <param name="process">The program.</param>
    /// <param name="path">A file that is left out of what is said.</param>
    public ProcessLog(ChildProcess process, string path)
    {
        _process = process;
        _path = path;
        _wait = new PipeWait(process.Errors);
        _reading = _tail.ReadAsync(process.Errors, _end.Token);
    }

    /// <summary>The last lines, without addresses in memory and names of files.</summary>
    public string Text => FFmpegFailure.Clean(_tail.Text, _path);

    /// <summary>
    /// Waits until all is read that a program has written that has ended, though others may have the pipe open.
    /// </summary>
    public void WaitForEnd()
    {
        var start = Environment.TickCount64;
        var isHeld = false;
        while (!_reading.Wait(Tick) && Environment.TickCount64 - start < (isHeld ? GraceWhenHeld : Grace).TotalMilliseconds)
            isHeld = _wait.IsSupported && !_wait.IsReadable(0);
    }

    /// <summary>Reads no more.</summary>
    public void Dispose()
    {
        _end.Cancel();
        _reading.Wait(EndLimit);
        _process.Errors.Dispose();
        _end.Dispose();
    }
}
