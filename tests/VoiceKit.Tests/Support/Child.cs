using System.Diagnostics;
using System.Reflection;

namespace VoiceKit.Tests.Support;

/// <summary>This program as a child process.</summary>
internal static class Child
{
    /// <summary>Starts the child, which is spoken with through its standard input and output.</summary>
    /// <param name="arguments">What it is told to do.</param>
    public static Process Start(params string[] arguments)
    {
        var host = Environment.ProcessPath!;

        // A host of many programs needs to be told which one; a program's own host knows.
        string[] program = Path.GetFileNameWithoutExtension(host) == "dotnet" ? ["exec", Assembly.GetExecutingAssembly().Location] : [];
        return OtherProgram.Start(new ProcessStartInfo(host, [.. program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,

            // It lives for a second: code that starts soon serves it better than code that runs fast.
            Environment = { ["DOTNET_TieredCompilation"] = "1" },
        });
    }
}
