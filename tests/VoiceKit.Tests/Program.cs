using VoiceKit.Tests.Faults;
using VoiceKit.Tests.Recording;
using VoiceKit.Tests.Storage;
using Xunit.Runner.InProc.SystemConsole;

namespace VoiceKit.Tests;

/// <summary>Runs the tests, or what a test has started this program for: to be killed, or to be another process.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args)
    {
        // Wine keeps a pointer into the stack where an exception passes native frames, and a later exception on that thread ends
        // it. Tests that are skipped, or fail, leave a method that reflection calls: by default through native frames.
        if (OperatingSystem.IsWindows())
            AppContext.SetSwitch("Switch.System.Reflection.ForceEmitInvoke", true);
        return args switch
        {
            [RecordingChild.Word, var folder] => RecordingChild.RunAsync(folder),
            [FaultChild.Word, var library, var folder, var work] => FaultChild.RunAsync(library, folder, work),
            [StoreChild.Word, var folder] => StoreChild.RunAsync(folder),
            [StoreWorker.Word, var folder] => StoreWorker.RunAsync(folder),
            _ => ConsoleRunner.Run(args),
        };
    }
}
