using System.Runtime.InteropServices;

namespace VoiceKit.Cli.Terminal;

/// <summary>
/// One row at the bottom of the terminal's text that is drawn over and over. The cursor is hidden meanwhile, and comes back
/// however the program ends.
/// </summary>
internal sealed class TerminalScreen : IDisposable
{
    private const string HideCursor = "\u001b[?25l";
    private const string ShowCursor = "\u001b[?25h";
    private const string EraseLine = "\u001b[K";
    private const string EraseBelow = "\u001b[J";

    private readonly Lock _gate = new();
    private readonly TextWriter _output;
    private readonly Func<int> _columns;
    private readonly PosixSignalRegistration[] _signals;
    private string _row = "";
    private int _rowColumns;
    private bool _isEnded;

    /// <summary>Takes over the current line.</summary>
    /// <param name="output">The terminal.</param>
    /// <param name="columns">Tells its width; 0 or less when it does not know.</param>
    public TerminalScreen(TextWriter output, Func<int> columns)
    {
        _output = output;
        _columns = columns;
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        AppDomain.CurrentDomain.UnhandledException += OnExit;

        // What a signal does otherwise is left to others: only the cursor comes back first.
        _signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => End()),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => End()),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => End()),
            PosixSignalRegistration.Create(PosixSignal.SIGQUIT, _ => End()),
            .. ForJobControl(),
        ];
        Write(HideCursor);
    }

    /// <summary>Whether there is a terminal that can be drawn on: stdout, unless it is a dumb one.</summary>
    public static bool IsAvailable =>
        !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <summary>
    /// The columns that a row may have: all but the last, where terminals are not of one mind about what comes next.
    /// </summary>
    public int Width => Math.Max(1, Columns - 1);

    private int Columns => _columns() is var columns and > 0 ? columns : 80;

    public static TerminalScreen Open() => new(Console.Out, static () => Console.WindowWidth);

    /// <summary>Draws the row in the place of the last one.</summary>
    /// <param name="row">At most <see cref="Width"/> columns, without line breaks; its markup does not count.</param>
    public void Draw(string row)
    {
        lock (_gate)
        {
            var columns = Columns;
            if (_isEnded || (row == _row && columns == _rowColumns))
                return;

            // A terminal that got narrower has broken the old row into several. The cursor is at the start of the first.
            Write(columns < _rowColumns ? $"\r{EraseBelow}{row}\r" : $"\r{row}{EraseLine}\r");
            (_row, _rowColumns) = (row, columns);
        }
    }

    /// <summary>Writes a line that stays, above the row.</summary>
    public void WriteLine(string text)
    {
        lock (_gate)
            Write(_isEnded ? $"{text}\n" : $"\r{EraseBelow}{text}\n{_row}\r");
    }

    /// <summary>Takes the row away, and gives the cursor back.</summary>
    public void Dispose()
    {
        End();
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        AppDomain.CurrentDomain.UnhandledException -= OnExit;
        foreach (var signal in _signals)
            signal.Dispose();
    }

    // A shell that takes over for a while gets a clean line, too.
    private IEnumerable<PosixSignalRegistration> ForJobControl()
    {
        if (OperatingSystem.IsWindows())
            yield break;
        yield return PosixSignalRegistration.Create(PosixSignal.SIGTSTP, _ => Suspend());
        yield return PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => Return());
    }

    // The runtime does not stop a program that listens to the signal. The lock keeps the row away until it is.
    private void Suspend()
    {
        lock (_gate)
        {
            Leave();
            _ = Kill(Environment.ProcessId, OperatingSystem.IsLinux() ? 19 : 17);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);

    private void Return()
    {
        lock (_gate)
        {
            if (!_isEnded)
                Write(HideCursor);
            (_row, _rowColumns) = ("", 0);
        }
    }

    private void OnExit(object? sender, EventArgs e) => End();

    private void End()
    {
        lock (_gate)
        {
            Leave();
            _isEnded = true;
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            if (!_isEnded)
                Write($"\r{EraseBelow}{TerminalStyle.Reset}{ShowCursor}");
        }
    }

    private void Write(string text)
    {
        try
        {
            _output.Write(text);
            _output.Flush();
        }
        catch (IOException)
        {
            // The terminal is gone; the work goes on without it.
        }
    }
}
