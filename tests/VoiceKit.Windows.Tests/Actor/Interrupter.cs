using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace VoiceKit.Windows.Tests.Actor;

/// <summary>Runs a program in a console of its own, and presses Ctrl-C there.</summary>
[SupportedOSPlatform("windows")]
internal static partial class Interrupter
{
    private const int AccessDenied = 5;

    public static async Task RunAsync(Stage stage, string program, string[] arguments)
    {
        // Access is denied to one that has a console.
        if (!AllocConsole() && Marshal.GetLastPInvokeError() != AccessDenied)
            throw new Win32Exception();
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        Stage.Tell("started");
        await stage.WaitForAsync("interrupt");

        // Only now, since a child would inherit it: this program goes on.
        if (!SetConsoleCtrlHandler(0, true) || !GenerateConsoleCtrlEvent(0, 0))
            throw new Win32Exception();
        using var enough = new CancellationTokenSource(Stage.Patience);
        await process.WaitForExitAsync(enough.Token);
        Stage.Tell($"output {await output}");
        Stage.Tell($"error {await error}");
        Stage.Tell($"code {process.ExitCode}");
    }

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool AllocConsole();

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetConsoleCtrlHandler(nint handler, [MarshalAs(UnmanagedType.Bool)] bool ignore);

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GenerateConsoleCtrlEvent(uint kind, uint group);
}
