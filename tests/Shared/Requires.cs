using System.Runtime.InteropServices;

namespace VoiceKit.Tests.Support;

/// <summary>What a test needs of the machine. Where it is missing, the test is skipped, and says what it misses.</summary>
internal static class Requires
{
    private static readonly string[] Extensions = OperatingSystem.IsWindows() ? [".exe", ".cmd", ".bat"] : [""];

    /// <summary>A program that the system finds by its name, or one at a path.</summary>
    public static void Program(string name)
    {
        if (!IsProgram(name))
            Assert.Skip($"This needs the program {name}, which is not installed.");
    }

    /// <summary>All of some programs.</summary>
    public static void Programs(params string[] names) => Array.ForEach(names, Program);

    /// <summary>A library that the system's loader finds.</summary>
    public static void Library(string name)
    {
        if (!NativeLibrary.TryLoad(name, typeof(Requires).Assembly, DllImportSearchPath.SafeDirectories, out _))
            Assert.Skip($"This needs the library {name}, which is not installed.");
    }

    /// <summary>A system with signals, file modes and the other things of POSIX.</summary>
    public static void Posix()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("This needs a POSIX system.");
    }

    /// <summary>Linux and its /proc.</summary>
    public static void Linux()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("This needs Linux.");
    }

    /// <summary>Whether a program is there.</summary>
    public static bool IsProgram(string name) =>
        Path.IsPathRooted(name)
            ? File.Exists(name)
            : Folders().Any(folder => Extensions.Any(end => File.Exists(Path.Combine(folder, name + end))));

    private static string[] Folders() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
}
