using System.Runtime.Versioning;
using VoiceKit.Windows.Tests.Actor;
using Xunit.Runner.InProc.SystemConsole;

namespace VoiceKit.Windows.Tests;

/// <summary>Runs the tests; on Windows, what a test has started this program for.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (!OperatingSystem.IsWindows())
            return await ConsoleRunner.Run(args);
        try
        {
            await ActAsync(args);
            return 0;
        }
        catch (Exception exception)
        {
            Stage.Tell($"failed {exception}");
            return 1;
        }
    }

    [SupportedOSPlatform("windows")]
    private static Task ActAsync(string[] args) => args switch
    {
        ["list"] => Lister.ListAsync(),
        ["watch", var folder] => Lister.WatchAsync(new Stage(folder)),
        ["codec"] => Coder.RunAsync(),
        ["record", var folder, var source, var device] => new Recorder(new Stage(folder), source, device).RunAsync(),
        ["start", var device] => Recorder.StartAsync(device),
        ["interrupt", var program, .. var arguments] => Interrupter.RunAsync(program, arguments),
        ["play", var folder, var how] => new Player(new Stage(folder), how).RunAsync(),
        _ => throw new ArgumentException(string.Join(' ', args)),
    };
}
