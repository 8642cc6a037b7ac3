using System.Diagnostics;

namespace VoiceKit.Cli;

/// <summary>One line on stderr for work that takes longer than a second; none when stderr is no terminal.</summary>
internal sealed class Progress(string verb, TimeSpan? total = null) : IFileProgress
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly bool _isTerminal = !Console.IsErrorRedirected;
    private long _start = Stopwatch.GetTimestamp();
    private TimeSpan _nextAt = Delay;
    private TimeSpan _last;
    private bool _isShown;

    public TimeSpan? Total { get; set; } = total;

    public void Report(TimeSpan value)
    {
        if (!_isTerminal)
            return;
        if (value < _last)
            BeginAnew();
        _last = value;
        var elapsed = Stopwatch.GetElapsedTime(_start);
        if (elapsed < _nextAt)
            return;
        _nextAt = elapsed + Interval;
        _isShown = true;
        Console.Error.Write($"\r{verb} {Describe(value)}, {value / elapsed:F0}× real time\u001b[K");
    }

    public void Warn(string message)
    {
        Erase();
        ExitCodes.Warn(message);
    }

    public void Dispose() => Erase();

    // Some work goes through the sound more than once.
    private void BeginAnew()
    {
        Erase();
        (_start, _nextAt) = (Stopwatch.GetTimestamp(), Delay);
    }

    private void Erase()
    {
        if (_isShown)
            Console.Error.Write("\r\u001b[K");
        _isShown = false;
    }

    private string Describe(TimeSpan value) => Total is { Ticks: > 0 } all
        ? $"{Printable.Time(value)} of {Printable.Time(all)} ({Math.Min(1, value / all):P0})"
        : Printable.Time(value);
}
