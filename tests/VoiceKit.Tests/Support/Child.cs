using System.Diagnostics;
using System.Reflection;

namespace VoiceKit.Tests.Support;

/// <summary>This program as a child process.</summary>
internal static class Child
{
    /// <summary>The exit code of a process that was killed.</summary>
    public static int KilledCode { get; } = OperatingSystem.IsWindows() ? -1 : 128 + 9;

    /// <summary>Starts the child, which is spoken with through its standard input and output.</summary>
    /// <param name="arguments">What it is told to do.</param>
    public static Process Start(params string[] arguments) => Start([], arguments);

    /// <summary>Starts the child with variables of its own in its environment.</summary>
    /// <param name="environment">The variables.</param>
    /// <param name="arguments">What it is told to do.</param>
    public static Process Start(Dictionary<string, string> environment, params string[] arguments)
    {
        var host = Environment.ProcessPath!;

        // A host of many programs needs to be told which one; a program's own host knows.
        string[] program = Path.GetFileNameWithoutExtension(host) == "dotnet"
            ? ["exec", Assembly.GetExecutingAssembly().Location]
            : [];
        var start = new ProcessStartInfo(host, [.. program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,

            // It lives for a second: code that starts soon serves it better than code that runs fast.
            Environment = { ["DOTNET_TieredCompilation"] = "1" },
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return OtherProgram.Start(start);
    }
}
