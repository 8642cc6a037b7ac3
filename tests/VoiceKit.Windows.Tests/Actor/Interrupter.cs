using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace VoiceKit.Windows.Tests.Actor;

/// <summary>Runs a program in a console of its own, and presses Ctrl-C there.</summary>
[SupportedOSPlatform("windows")]
internal static partial class Interrupter
{
    public static async Task RunAsync(Stage stage, string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            CreateNoWindow = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        Stage.Tell("started");
        await stage.WaitForAsync("interrupt");

        // A signal reaches all who share a console; this program goes on.
        _ = FreeConsole();
        if (!AttachConsole(process.Id) || !SetConsoleCtrlHandler(0, true) || !GenerateConsoleCtrlEvent(0, 0))
            throw new Win32Exception();
        using var enough = new CancellationTokenSource(Stage.Patience);
        await process.WaitForExitAsync(enough.Token);
        Stage.Tell($"output {await output}");
        Stage.Tell($"error {await error}");
        Stage.Tell($"code {process.ExitCode}");
    }

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool FreeConsole();

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool AttachConsole(int process);

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetConsoleCtrlHandler(nint handler, [MarshalAs(UnmanagedType.Bool)] bool ignore);

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GenerateConsoleCtrlEvent(uint kind, uint group);
}
