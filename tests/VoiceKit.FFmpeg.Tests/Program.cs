using Xunit.Runner.InProc.SystemConsole;

namespace VoiceKit.FFmpeg.Tests;

/// <summary>Runs the tests, or what a test has started this program for: to be killed.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args) => args switch
    {
        [ProcessEndTests.HostWord, var script, var wav] => Task.FromResult(ProcessEndTests.RunHost(script, wav)),
        _ => ConsoleRunner.Run(args),
    };
}
