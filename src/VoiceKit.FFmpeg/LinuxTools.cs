using System.Diagnostics;
using System.Runtime.Versioning;

namespace VoiceKit.FFmpeg;

/// <summary>
/// What Linux' own tools do before they become the program: setsid gives it a process group of its own, setpriv has the
/// system kill it when the thread that started it ends, and prlimit limits it from its first instruction on. Where they are
/// missing, or are others of these names, the program is started by itself.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class LinuxTools
{
    private static readonly Lazy<string[]> Group = new(FindGroup);
    private static readonly Lazy<string?> Limiter = new(FindLimiter);

    private static readonly string[] Folders = ["/usr/bin/", "/bin/"];

    /// <summary>Whether the program becomes the first of a process group.</summary>
    public static bool LeadGroup => Group.Value.Length > 0;

    /// <summary>Whether the program is limited before it begins.</summary>
    public static bool Limit => Limiter.Value is not null;

    /// <summary>What stands before the program and its arguments; empty where there is no such thing.</summary>
    public static string[] Prefix(FFmpegOptions options) =>
        Limiter.Value is { } limiter ? [limiter, .. ProcessLimits.Words(options), .. Group.Value] : Group.Value;

    private static string[] FindGroup()
    {
        if (FindOne("setsid") is not { } setsid || FindOne("setpriv") is not { } setpriv)
            return [];
        string[] prefix = [setsid, setpriv, "--pdeathsig", "KILL"];
        return DoesNothing(prefix) ? prefix : [];
    }

    private static string? FindLimiter() =>
        FindOne("prlimit") is { } limiter && DoesNothing([limiter, .. ProcessLimits.Words(new FFmpegOptions())]) ? limiter : null;

    // Whether the tools start a program as they are asked to.
    private static bool DoesNothing(string[] prefix) => FindOne("true") is { } nothing && Runs([.. prefix, nothing]);

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
