namespace VoiceKit.IO;

/// <summary>
/// A file for bytes that nobody needs when the process ends, however it ends, and that only this person may read. On Linux it has
/// no name, so that the system frees it by itself; elsewhere it has one in the folder for temporary files, and what a killed
/// process left there is deleted by the next one that makes such a file (<see cref="Leftovers"/>).
/// </summary>
internal sealed class ScratchFile : IDisposable
{
    private const string Prefix = "voicekit-";

    private readonly string? _name;

    private ScratchFile(FileStream stream, string path, string? name) => (Stream, Path, _name) = (stream, path, name);

    /// <summary>The file, which can be read, written and sought. It has no buffer of its own.</summary>
    public FileStream Stream { get; }

    /// <summary>
    /// A path by which this process, and those that it starts, can open the file as long as it is not disposed.
    /// </summary>
    public string Path { get; }

    /// <summary>Makes an empty one.</summary>
    /// <exception cref="IOException">The file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder for temporary files cannot be written.</exception>
    public static ScratchFile Create()
    {
        var folder = System.IO.Path.GetTempPath();
        var name = System.IO.Path.Combine(folder, Prefix + System.IO.Path.GetRandomFileName());
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var stream = new FileStream(name, options);
        if (TryFindPathWithoutName(stream) is { } path)
        {
            File.Delete(name);
            return new ScratchFile(stream, path, null);
        }

        Leftovers.SweepOnce(folder, Prefix);
        return new ScratchFile(stream, name, name);
    }

    public void Dispose()
    {
        Stream.Dispose();
        if (_name is null)
            return;
        try
        {
            File.Delete(_name);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another process has it open still; the next one that makes such a file deletes it.
        }
    }

    // What Linux shows of a process' open files can be opened like any other, also when it has no name any more.
    private static string? TryFindPathWithoutName(FileStream stream)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        var path = $"/proc/{Environment.ProcessId}/fd/{stream.SafeFileHandle.DangerousGetHandle()}";
        try
        {
            using (new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0))
                return path;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
