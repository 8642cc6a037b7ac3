using System.Diagnostics;
using System.Globalization;

namespace VoiceKit.Benchmarks.Reporting;

/// <summary>Runs whole programs and measures what they take.</summary>
internal static class Programs
{
    /// <summary>Runs a program through time(1), which adds about a millisecond.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static Cost Run(string program, IReadOnlyList<string> arguments) => Tell(program, arguments).Cost;

    /// <summary>Runs a program as <see cref="Run"/> does, and gives what it says.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static (Cost Cost, string Output) Tell(string program, IReadOnlyList<string> arguments)
    {
        var figures = Path.GetTempFileName();
        try
        {
            string[] all = ["-q", "-o", figures, "-f", "%U %S %M", program, .. arguments];
            var start = Stopwatch.GetTimestamp();
            var (exitCode, output, error) = Start("time", all);
            var wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (exitCode != 0)
                throw new InvalidOperationException(
                    $"{program} {string.Join(' ', arguments.Take(20))} returned {exitCode}: {error}");
            double[] values = [.. File.ReadAllText(figures).Split().Where(value => value.Length > 0).Select(ParseNumber)];
            return (new Cost(wall, values[0] + values[1], values[2] / 1024), output);
        }
        finally
        {
            File.Delete(figures);
        }
    }

    /// <summary>Reads a number as programs print it.</summary>
    public static double ParseNumber(string value) => double.Parse(value, CultureInfo.InvariantCulture);

    /// <summary>What a program says first: its version, mostly.</summary>
    public static string FirstLine(string program, params string[] arguments)
    {
        var (_, output, error) = Start(program, arguments);
        return (output + error).Split('\n')[0].Trim();
    }

    private static (int ExitCode, string Output, string Error) Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
