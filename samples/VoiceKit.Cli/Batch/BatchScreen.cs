using System.Diagnostics;
using System.Text;

namespace VoiceKit.Cli.Batch;

/// <summary>
/// Shows the work on many files: a line for each that is done, and below them on a terminal a bar for each that is worked on and
/// one for all.
/// </summary>
/// <param name="files">All files.</param>
/// <param name="lines">Where lines go.</param>
/// <param name="terminal">Where bars are drawn; null for nowhere.</param>
/// <param name="size">Tells the size of the terminal.</param>
internal sealed class BatchScreen(
    IReadOnlyList<BatchFile> files, TextWriter lines, TextWriter? terminal, Func<(int Columns, int Rows)> size) : IDisposable
{
    private const string EraseBelow = "\u001b[J";

    // What is as wide as two columns must not break a row into two.
    private const string NoWrap = "\u001b[?7l";
    private const string Wrap = "\u001b[?7h";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly List<FileWork> _working = [];
    private readonly double _allBytes = Math.Max(1, files.Sum(WeightOf));
    private double _doneBytes;
    private int _done;
    private int _rows;
    private long? _drawnAt;

    /// <summary>Shows it on the console.</summary>
    public static BatchScreen Open(IReadOnlyList<BatchFile> files)
    {
        var isTerminal = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";
        return new BatchScreen(
            files, Console.Out, isTerminal ? Console.Error : null, static () => (Console.WindowWidth, Console.WindowHeight));
    }

    /// <summary>Begins the work on a file.</summary>
    public FileWork Begin(BatchFile file)
    {
        var work = new FileWork(file, this);
        lock (_gate)
        {
            _working.Add(work);
            Redraw();
        }

        return work;
    }

    /// <summary>Ends the work on a file.</summary>
    /// <param name="work">The work.</param>
    /// <param name="line">What is said of it, or null.</param>
    public void End(FileWork work, string? line)
    {
        lock (_gate)
        {
            _working.Remove(work);
            _doneBytes += WeightOf(work.File);
            _done++;
            if (line is not null)
            {
                Erase();
                lines.WriteLine(Printable.Line(line));
                lines.Flush();
            }

            Redraw();
        }
    }

    /// <summary>Draws the bars anew, if that is due.</summary>
    public void Draw()
    {
        if (terminal is null)
            return;
        lock (_gate)
        {
            if (_drawnAt is not { } at || Stopwatch.GetElapsedTime(at) >= Interval)
                Redraw();
        }
    }

    /// <summary>Takes the bars away.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            Erase();
            _working.Clear();
        }
    }

    // Files of no known size count, too.
    private static double WeightOf(BatchFile file) => Math.Max(1, file.Size);

    private void Redraw()
    {
        if (terminal is null || (_working.Count == 0 && _done == files.Count))
            return;
        var (columns, height) = size();
        var width = columns > 1 ? columns - 1 : 79;
        var shown = _working.Take(Math.Max(0, height - 2)).Select(work => BatchRows.Of(work, width));
        var share = (_doneBytes + _working.Sum(work => WeightOf(work.File) * work.Share)) / _allBytes;
        string[] rows = [.. shown, BatchRows.OfAll(_done, files.Count, Math.Min(1, share), width)];
        var text = new StringBuilder(ToTop()).Append(EraseBelow).Append(NoWrap).AppendJoin('\n', rows).Append(Wrap).Append('\r');
        Write(text.ToString());
        _rows = rows.Length;
        _drawnAt = Stopwatch.GetTimestamp();
    }

    private void Erase()
    {
        if (_rows == 0)
            return;
        Write(ToTop() + EraseBelow);
        _rows = 0;
    }

    // The cursor is at the start of the last row.
    private string ToTop() => _rows > 1 ? $"\r\u001b[{_rows - 1}A" : "\r";

    private void Write(string text)
    {
        try
        {
            terminal!.Write(text);
            terminal.Flush();
        }
        catch (IOException)
        {
            // The terminal is gone; the work goes on without it.
        }
    }
}
