using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace VoiceKit.Windows.Tests.Actor;

/// <summary>Lets the program voicekit record in a console of its own, and presses Ctrl-C there.</summary>
[SupportedOSPlatform("windows")]
internal static partial class Interrupter
{
    private const int BytesOfSound = 2_000;

    private static readonly string Drafts = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "voicekit", "drafts");

    public static async Task RunAsync(string program, string[] arguments)
    {
        using var enough = new CancellationTokenSource(Stage.Patience);
        // Another console has another output: this one is opened before.
        Stage.Tell("begins");
        var before = DraftsNow().Select(file => file.Name).ToHashSet();
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(enough.Token);
        var error = process.StandardError.ReadToEndAsync(enough.Token);
        await Stage.Until(() => process.HasExited
            || DraftsNow().Any(file => !before.Contains(file.Name) && file.Length > BytesOfSound));
        Interrupt(process);
        await process.WaitForExitAsync(enough.Token);

        // The console has the pipes, too, and ends when nobody is attached to it.
        _ = FreeConsole();
        Stage.Tell($"code {process.ExitCode}");
        Stage.Tell($"output {await output}");
        Stage.Tell($"error {await error}");
    }

    private static FileInfo[] DraftsNow() => Directory.Exists(Drafts) ? new DirectoryInfo(Drafts).GetFiles() : [];

    // A signal reaches all who share a console; this program goes on.
    private static void Interrupt(Process process)
    {
        _ = FreeConsole();
        if (!AttachConsole(process.Id) || !SetConsoleCtrlHandler(0, true) || !GenerateConsoleCtrlEvent(0, 0))
            throw new Win32Exception();
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
