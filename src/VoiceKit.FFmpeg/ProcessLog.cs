namespace VoiceKit.FFmpeg;

/// <summary>What a program writes to its standard error, while it does so.</summary>
internal sealed class ProcessLog : IDisposable
{
    /// <summary>How long a process is waited for that was killed.</summary>
    public static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    private readonly ChildProcess _process;
    private readonly string _path;
    private readonly LogTail _tail = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Task _reading;

    /// <param name="process">The program.</param>
    /// <param name="path">A file that is left out of what is said.</param>
    public ProcessLog(ChildProcess process, string path)
    {
        _process = process;
        _path = path;
        _reading = _tail.ReadAsync(process.Errors, _end.Token);
    }

    /// <summary>The last lines, without addresses in memory and names of files.</summary>
    public string Text => FFmpegFailure.Clean(_tail.Text, _path);

    /// <summary>Waits until all is read that a program has written that has ended, though others may have the pipe open.</summary>
    public void WaitForEnd()
    {
        var start = Environment.TickCount64;
        while (!_reading.Wait(Tick) && !_process.IsOver(_process.Errors) && Environment.TickCount64 - start < EndLimit.TotalMilliseconds)
        {
        }
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
