using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace VoiceKit.FFmpeg;

/// <summary>
/// A program at work within limits, with all that it starts. On Linux they are a process group of their own, and the program ends
/// with this process; on Windows they are a job, which ends with this process as a whole.
/// </summary>
internal sealed partial class ChildProcess : IDisposable
{
    private const int KillSignal = 9;

    private readonly Process _process;
    private readonly JobObject? _job;
    private readonly bool _leadsGroup;

    private ChildProcess(Process process, JobObject? job, bool leadsGroup) =>
        (_process, _job, _leadsGroup, Id) = (process, job, leadsGroup, process.Id);

    /// <summary>The process' number.</summary>
    public int Id { get; }

    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => _process.StandardOutput.BaseStream;

    public Stream Errors => _process.StandardError.BaseStream;

    public bool HasExited => _process.HasExited;

    /// <summary>What the program returned; more than 128 for one that a signal has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts a program, without a shell.</summary>
    /// <exception cref="FFmpegException">The program is not there, or cannot be started.</exception>
    public static ChildProcess Start(FFmpegOptions options, IEnumerable<string> arguments)
    {
        var program = FFmpegProgram.Find(options.Program);
        var prefix = OperatingSystem.IsLinux() ? LinuxTools.Prefix(options) : [];
        string[] line = [.. prefix, program, .. arguments];
        var start = new ProcessStartInfo(line[0], line[1..])
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("FFREPORT"); // It would have a log file written.
        var process = FFmpegProgram.Start(start, options.Program);
        if (OperatingSystem.IsLinux() && !LinuxTools.Limit)
            ProcessLimits.Apply(process.Id, options);
        var job = OperatingSystem.IsWindows() ? JobObject.TryHold(process, options) : null;
        return new ChildProcess(process, job, leadsGroup: OperatingSystem.IsLinux() && LinuxTools.LeadGroup);
    }

    /// <summary>Waits for the end.</summary>
    /// <returns>Whether it came in time.</returns>
    public bool WaitForExit(TimeSpan limit) => _process.WaitForExit(limit);

    /// <summary>Ends the program, if it is still there, and what it has started.</summary>
    public void Kill()
    {
        try
        {
            if (_leadsGroup)
                _ = Signal(-Id, KillSignal);
            _job?.Dispose();
            if (!_process.HasExited)
                _process.Kill(entireProcessTree: !_leadsGroup && _job is null);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended by itself.
        }
    }

    public void Dispose()
    {
        _job?.Dispose();
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
