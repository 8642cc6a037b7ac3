namespace VoiceKit.IO;

/// <summary>
/// Deletes files that processes were writing when they were killed. Whoever begins such a file in a folder looks, once for each
/// folder and process, for those of others: a file counts as left behind when nobody has it open and it was not written for a
/// day.
/// </summary>
internal static class Leftovers
{
    private const int MaxFolders = 1024;
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);
    private static readonly HashSet<string> Seen = new(StringComparer.Ordinal);

    /// <summary>
    /// Looks through a folder, unless this process has done so before. Never throws: it is not what the caller wants done.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="prefix">How the names of such files begin.</param>
    public static void SweepOnce(string folder, string prefix)
    {
        lock (Seen)
        {
            if (Seen.Count >= MaxFolders)
                Seen.Clear();
            if (!Seen.Add(Path.Combine(folder, prefix)))
                return;
        }

        Sweep(folder, prefix);
    }

    /// <summary>Looks through a folder. Never throws.</summary>
    public static void Sweep(string folder, string prefix)
    {
        try
        {
            foreach (var file in new DirectoryInfo(folder).EnumerateFiles(prefix + "*"))
            {
                if (TimeProvider.System.GetUtcNow().UtcDateTime - file.LastWriteTimeUtc > Lifetime)
                    TryDelete(file.FullName);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It stays until the next one looks.
        }
    }

    // A clock that was set forward makes all files old: what a writer has open cannot be opened for oneself alone.
    private static void TryDelete(string path)
    {
        try
        {
            using (new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None, bufferSize: 1))
            {
            }

            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Somebody writes it, or it is somebody else's.
        }
    }
}
