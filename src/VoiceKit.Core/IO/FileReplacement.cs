namespace VoiceKit.IO;

/// <summary>Gives a file the name of another, which goes. On Windows somebody may have that one open, who lets it be deleted.</summary>
internal static class FileReplacement
{
    /// <summary>Renames a file in place of another, in one step where the system can.</summary>
    /// <param name="from">The file.</param>
    /// <param name="to">Its name from now on, in the same folder; there may be a file of that name.</param>
    /// <exception cref="IOException">The file cannot be renamed, or the other one is held by somebody; both are as they were.</exception>
    /// <exception cref="UnauthorizedAccessException">The other file, or the folder, may not be written; both are as they were.</exception>
    public static void Move(string from, string to)
    {
        try
        {
            File.Move(from, to, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException && IsPerhapsInUse(to))
        {
            ReplaceInUse(from, to);
        }
    }

    // Windows replaces no file that is open, however it was opened, but lets it be renamed and deleted.
    private static bool IsPerhapsInUse(string path) =>
        OperatingSystem.IsWindows() && new FileInfo(path) is { Exists: true, IsReadOnly: false };

    private static void ReplaceInUse(string from, string to)
    {
        try
        {
            File.Replace(from, to, null, ignoreMetadataErrors: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            ReplaceInTwoSteps(from, to);
        }
    }

    // Not every file system can do the former.
    private static void ReplaceInTwoSteps(string from, string to)
    {
        var aside = Path.Combine(Path.GetDirectoryName(to)!, $".voicekit-{Path.GetRandomFileName()}");
        File.Move(to, aside);
        try
        {
            File.Move(from, to);
        }
        catch
        {
            File.Move(aside, to);
            throw;
        }

        File.Delete(aside);
    }
}
