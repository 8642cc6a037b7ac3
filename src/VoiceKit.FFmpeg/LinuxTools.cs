using System.Diagnostics;

namespace VoiceKit.FFmpeg;

/// <summary>
/// What Linux' own tools do before they become the program: setsid gives it a process group of its own, and setpriv has the
/// system kill it when the thread that started it ends. Where they are missing, or are others of these names, the program is
/// started by itself.
/// </summary>
internal static class LinuxTools
{
    private static readonly Lazy<string[]> Found = new(Find);

    private static readonly string[] Folders = ["/usr/bin/", "/bin/"];

    /// <summary>What stands before the program and its arguments; empty where there is no such thing.</summary>
    public static string[] Prefix => Found.Value;

    private static string[] Find()
    {
        if (FindOne("setsid") is not { } setsid || FindOne("setpriv") is not { } setpriv)
            return [];
        string[] prefix = [setsid, setpriv, "--pdeathsig", "KILL"];
        return FindOne("true") is { } nothing && Runs([.. prefix, nothing]) ? prefix : [];
    }

    private static string? FindOne(string name) =>
        Folders.Select(folder => folder + name).FirstOrDefault(File.Exists);

    private static bool Runs(string[] line)
    {
        try
        {
            var start = new ProcessStartInfo(line[0], line[1..]) { RedirectStandardError = true, RedirectStandardOutput = true };
            using var process = Process.Start(start)!;
            return process.WaitForExit(TimeSpan.FromSeconds(30)) && process.ExitCode == 0;
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or IOException)
        {
            return false;
        }
    }
}
