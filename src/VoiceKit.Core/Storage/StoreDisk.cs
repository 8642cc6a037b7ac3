using Microsoft.Win32.SafeHandles;
using VoiceKit.IO;

namespace VoiceKit.Storage;

/// <summary>All that a store does to its disk but reading, so that a test can let the disk be full or the power fail.</summary>
internal class StoreDisk
{
    public static StoreDisk Default { get; } = new();

    /// <summary>Whether an exception says that a folder or a file may be read and not written.</summary>
    public static bool IsReadOnly(Exception exception)
    {
        const int UnixReadOnly = 30; // EROFS on Linux, macOS and BSD.
        const int WindowsWriteProtected = unchecked((int)0x80070013);
        return exception is UnauthorizedAccessException
            || (exception is IOException
                && exception.HResult == (OperatingSystem.IsWindows() ? WindowsWriteProtected : UnixReadOnly));
    }

    /// <summary>Creates a file that only the person may read.</summary>
    public virtual FileStream Create(string path) => new(path, PrivateFile(FileMode.CreateNew));

    /// <summary>Writes into a file that is only a cache.</summary>
    public virtual void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long at) => RandomAccess.Write(file, bytes, at);

    /// <summary>Makes a file's bytes durable.</summary>
    public virtual void Flush(FileStream file) => DiskFlush.File(file);

    /// <summary>Gives a file another name, in one step.</summary>
    /// <param name="from">The file.</param>
    /// <param name="to">Its new name.</param>
    /// <param name="overwrite">Whether there may be a file of that name. If not, the caller has looked.</param>
    public virtual void Move(string from, string to, bool overwrite)
    {
        if (overwrite)
            FileReplacement.Move(from, to);
        else
            File.Move(from, to, overwrite: !OperatingSystem.IsWindows()); // Elsewhere the runtime only looks again.
    }

    /// <summary>Deletes a file, if there is one.</summary>
    public virtual void Delete(string path) => File.Delete(path);

    /// <summary>Makes the names in a folder durable.</summary>
    public virtual void FlushFolder(string path) => DiskFlush.Folder(path);

    /// <summary>How a file of a store is opened that only the person may read.</summary>
    public static FileStreamOptions PrivateFile(FileMode mode)
    {
        var options = new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Read | FileShare.Delete,
            BufferSize = 0,
        };
        if (mode != FileMode.Open && !OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }
}
