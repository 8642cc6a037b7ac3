namespace VoiceKit.Fuzz;

/// <summary>
/// Folders for inputs that have to be files: in memory where the system has such, since a disk would take most of a run's time.
/// </summary>
internal static class Memory
{
    private const string Linux = "/dev/shm";

    public static DirectoryInfo NewFolder() => Directory.Exists(Linux)
        ? Directory.CreateDirectory(Path.Combine(Linux, $"voicekit-fuzz-{Guid.NewGuid():N}"))
        : Directory.CreateTempSubdirectory("voicekit-fuzz-");
}
