namespace VoiceKit.PulseAudio.Tests;

/// <summary>What this process has of the system.</summary>
internal static class Processes
{
    /// <summary>How many threads of libpulse run.</summary>
    public static int SoundThreads() => Directory.GetDirectories("/proc/self/task").Count(IsSoundThread);

    public static int OpenFiles() => Directory.GetFileSystemEntries("/proc/self/fd").Length;

    private static bool IsSoundThread(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).StartsWith("threaded-ml");
        }
        catch (IOException)
        {
            return false; // It has ended meanwhile.
        }
    }
}
