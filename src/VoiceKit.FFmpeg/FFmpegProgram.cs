using System.ComponentModel;
using System.Diagnostics;

namespace VoiceKit.FFmpeg;

/// <summary>Finds and starts the program, without a shell.</summary>
internal static class FFmpegProgram
{
    private const string Advice =
        "ffmpeg does what VoiceKit does not do itself; install it, or tell where it is by FFmpegOptions.Program.";

    /// <exception cref="FFmpegException">The program cannot be started.</exception>
    public static Process Start(ProcessStartInfo start, string program)
    {
        try
        {
            return StarterThread.Start(start);
        }
        catch (Exception exception) when (exception is Win32Exception or IOException)
        {
            throw new FFmpegException(
                $"The program '{program}' cannot be started: {exception.Message}", innerException: exception);
        }
    }

    /// <summary>
    /// The path of the program. <see cref="Process"/> looks in the current folder and beside the app before it looks in PATH: any
    /// file there could call itself ffmpeg.
    /// </summary>
    /// <exception cref="FFmpegException">The program is not there.</exception>
    public static string Find(string program)
    {
        if (program.AsSpan().IndexOfAny(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar) >= 0)
        {
            return File.Exists(program)
                ? Path.GetFullPath(program)
                : throw new FFmpegException($"There is no program '{program}': {Advice}");
        }

        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(
            Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var endings = OperatingSystem.IsWindows() ? new[] { ".exe", "" } : [""];
        foreach (var folder in folders.Where(Path.IsPathFullyQualified))
        {
            foreach (var ending in endings)
            {
                var path = Path.Combine(folder, program + ending);
                if (File.Exists(path))
                    return path;
            }
        }

        throw new FFmpegException($"The program '{program}' is not installed: no folder of PATH has it. {Advice}");
    }
}
