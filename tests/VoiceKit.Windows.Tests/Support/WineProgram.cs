using System.Diagnostics;

namespace VoiceKit.Windows.Tests.Support;

/// <summary>A program of Windows that runs.</summary>
/// <param name="process">The process; it is that of the program itself.</param>
/// <param name="output">The files of what it writes, but for their endings.</param>
internal sealed class WineProgram(Process process, string output) : IDisposable
{
    /// <summary>How long to wait for what must come; a machine may be very busy.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>What it has written up to now.</summary>
    public string Output => Read(output + ".out");

    /// <summary>The lines that it has written up to now.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What it has written as errors up to now.</summary>
    public string Error => Read(output + ".err");

    public int ExitCode => process.ExitCode;

    /// <summary>Waits until it has written a line that begins so, and gives what follows.</summary>
    public async Task<string> SaysAsync(string beginning)
    {
        using var enough = new CancellationTokenSource(Patience);
        while (true)
        {
            var hasExited = process.HasExited;
            if (Array.Find(Lines, line => line.StartsWith(beginning, StringComparison.Ordinal)) is { } said)
                return said[beginning.Length..].Trim();
            Assert.False(hasExited || enough.IsCancellationRequested, $"It never said “{beginning}”:\n{Output}\n{Error}");
            await Task.Delay(20);
        }
    }

    /// <summary>Waits until it ends, and gives its exit code.</summary>
    public async Task<int> EndsAsync()
    {
        await EndsAsync(Patience, isOver: () => false);
        return process.ExitCode;
    }

    /// <summary>Waits until it ends, or is ended because it is over without an end.</summary>
    /// <param name="patience">How long to wait.</param>
    /// <param name="isOver">Says that nothing more is to come.</param>
    public async Task EndsAsync(TimeSpan patience, Func<bool> isOver)
    {
        using var enough = new CancellationTokenSource(patience);
        while (!process.HasExited)
        {
            Assert.False(enough.IsCancellationRequested, $"It does not end:\n{Output}\n{Error}");
            if (isOver())
                process.Kill(entireProcessTree: true);
            await Task.Delay(50);
        }
    }

    /// <summary>Waits until it ends well, and gives what it has written.</summary>
    public async Task<string> SucceedsAsync()
    {
        var code = await EndsAsync();
        Assert.True(code == 0 && Complaints().Length == 0, $"It ended with {code}:\n{Output}\n{Error}");
        return Output;
    }

    // Where a program has ended with 0, a thread that Wine 8 was ending with it may still have touched memory that was gone. A
    // program that fails so itself ends with another code.
    private string Complaints() => string.Concat(
        Error.Split('\n').Where(line => !line.StartsWith("wine: Unhandled page fault", StringComparison.Ordinal))).Trim();

    public void Kill() => process.Kill();

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.Dispose();
    }

    private static string Read(string path)
    {
        if (!File.Exists(path))
            return "";
        using var reader = new StreamReader(
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd().Replace("\r", "", StringComparison.Ordinal);
    }
}
