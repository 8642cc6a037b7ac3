using System.Diagnostics;
using System.Runtime.InteropServices;

namespace VoiceKit.Tests.Support;

/// <summary>
/// Runs other programs. One that is not installed skips the test; one that does not end is killed, and fails it.
/// </summary>
internal static partial class OtherProgram
{
    private const int InterruptSignal = 2;
    private const nint DefaultAction = 0;
    private const nint Ignored = 1;
    private static readonly Lock StartLock = new();

    /// <summary>How long a program may take. It is long, since a busy machine is no reason to fail.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Starts a program, which is killed when it runs too long.</summary>
    /// <param name="start">The program.</param>
    /// <param name="patience">How long it may run; <see cref="Patience"/> by default.</param>
    public static Process Start(ProcessStartInfo start, TimeSpan? patience = null)
    {
        var process = StartUnbounded(start);
        _ = KillAfterAsync(process, patience ?? Patience, TestContext.Current.TestOutputHelper);
        return process;
    }

    /// <summary>Starts a program that may run as long as the tests do: whoever starts it has to end it.</summary>
    public static Process StartUnbounded(ProcessStartInfo start)
    {
        Requires.Program(start.FileName);
        lock (StartLock)
        {
            // A job in the background ignores SIGINT, and so would all that it starts: a test could interrupt nothing.
            var isIgnored = !OperatingSystem.IsWindows() && IsIgnored(InterruptSignal);
            if (isIgnored)
                SetAction(InterruptSignal, DefaultAction);
            try
            {
                return Process.Start(start)!;
            }
            finally
            {
                if (isIgnored)
                    SetAction(InterruptSignal, Ignored);
            }
        }
    }

    /// <summary>Runs a program on some bytes to its end, and gives what it says.</summary>
    public static ProgramResult Run(ProcessStartInfo start, byte[]? input = null, TimeSpan? patience = null)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Start(start, patience);
        var feed = Task.Run(() => Feed(process, input));
        var result = ReadToEnd(process);
        feed.Wait();
        return result;
    }

    /// <summary>Waits for the end of a program whose output is redirected, and gives what it says until then.</summary>
    public static ProgramResult ReadToEnd(Process process)
    {
        var error = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForEnd();
        return new ProgramResult(process.ExitCode, output.ToArray(), error.Result);
    }

    /// <summary>Waits for the end of a program.</summary>
    public static void WaitForEnd(this Process process)
    {
        if (process.WaitForExit(Patience))
            return;
        process.Kill(entireProcessTree: true);
        Assert.Fail($"{process.ProcessName} does not end.");
    }

    /// <summary>Waits for the end of a program.</summary>
    public static Task WaitForEndAsync(this Process process) => process.WaitForExitAsync().WaitAsync(Patience);

    /// <summary>Whether this process, and what it starts, ignores a signal.</summary>
    /// <param name="signal">Its number on this system.</param>
    public static unsafe bool IsIgnored(int signal)
    {
        // The structure is of another size on each system, and begins with the action on all.
        var action = stackalloc nint[64];
        return GetAction(signal, 0, action) == 0 && *action == Ignored;
    }

    private static async Task KillAfterAsync(Process process, TimeSpan patience, ITestOutputHelper? output)
    {
        try
        {
            // Process tells that it has ended before it tells its exit code: were another thread to ask meanwhile, as its event
            // Exited does, the test could read the code 0.
            await Task.Delay(patience);
            if (process.HasExited)
                return;
            output?.WriteLine(
                $"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)} was killed after {patience}.");
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // The test has ended, and has let go of the program or of its output.
        }
    }

    private static void Feed(Process process, byte[]? input)
    {
        try
        {
            process.StandardInput.BaseStream.Write(input ?? []);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program has ended without reading all of it, as it may.
        }
    }

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static unsafe partial int GetAction(int signal, nint action, nint* old);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetAction(int signal, nint action);
}

/// <summary>How a program ended, and what it said.</summary>
internal sealed record ProgramResult(int ExitCode, byte[] Output, string Error)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Output);
}
