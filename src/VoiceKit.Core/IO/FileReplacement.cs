namespace VoiceKit.IO;

/// <summary>
/// Gives a file the name of another, which goes. On Windows somebody may have that one open, who lets it be deleted.
/// </summary>
internal static class FileReplacement
{
    /// <summary>Renames a file in place of another, in one step where the system can.</summary>
    /// <param name="from">The file.</param>
    /// <param name="to">Its name from now on, in the same folder; there may be a file of that name.</param>
    /// <exception cref="IOException">
    /// The file cannot be renamed, or the other one is held by somebody; both are as they were.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">
    /// The other file, or the folder, may not be written; both are as they were.
    /// </exception>
    public static void Move(string from, string to)
    {
        if (OperatingSystem.IsWindows() && new FileInfo(to) is { Exists: true, IsReadOnly: true })
            throw new UnauthorizedAccessException($"'{to}' may not be written.");
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
    private static bool IsPerhapsInUse(string path) => OperatingSystem.IsWindows() && File.Exists(path);

    // The other file is put aside under a name, since without one it may be gone where the last step fails.
    private static void ReplaceInUse(string from, string to)
    {
        var aside = Path.Combine(Path.GetDirectoryName(to)!, AtomicFile.TemporaryPrefix + Path.GetRandomFileName());
        try
        {
            File.Replace(from, to, aside, ignoreMetadataErrors: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            ReplaceInTwoSteps(from, to, aside);
        }

        DeleteAside(aside);
    }

    // Not every file system can do it in one.
    private static void ReplaceInTwoSteps(string from, string to, string aside)
    {
        if (!File.Exists(aside))
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
    }

    private static void DeleteAside(string aside)
    {
        try
        {
            File.Delete(aside);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Somebody has opened it meanwhile: it is swept up later, as a leftover.
        }
    }
}
