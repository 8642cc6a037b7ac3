using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace VoiceKit.IO;

/// <summary>
/// Makes bytes and names survive a loss of power, and throws when the disk cannot. The runtime's own calls
/// (<c>FileStream.Flush(true)</c>, <c>RandomAccess.FlushToDisk</c>) return normally when the disk reports an error.
/// </summary>
internal static partial class DiskFlush
{
    // Numbers of errors that Linux, macOS and BSD have in common.
    private const int NotPermitted = 1;
    private const int Interrupted = 4;
    private const int AccessDenied = 13;
    private const int InvalidArgument = 22;

    private const int LinuxNotSupported = 95;
    private const int LinuxNoSuchCall = 38;
    private const int AppleNotSupported = 45;
    private const int AppleFullFlush = 51; // F_FULLFSYNC: fsync alone leaves the bytes in the drive's own memory.

    /// <summary>
    /// Writes a file's bytes through to the disk. What is no file on a disk (a pipe, a device) has nothing to flush.
    /// </summary>
    /// <exception cref="IOException">
    /// The disk reports an error: the bytes may be lost, also where a second flush succeeds.
    /// </exception>
    public static void File(FileStream file)
    {
        file.Flush();
        File(file.SafeFileHandle, file.Name);
    }

    /// <inheritdoc cref="File(FileStream)"/>
    /// <param name="file">The file.</param>
    /// <param name="name">Its name, for the exception.</param>
    public static void File(SafeFileHandle file, string name)
    {
        var error = OperatingSystem.IsWindows() ? FlushOnWindows(file) : FlushOnUnix(file);
        if (error != 0)
            throw Failed($"The file '{name}'", error);
    }

    /// <summary>
    /// Writes the names in a folder through to the disk: those of new, renamed and deleted files. Windows does so by itself. A
    /// folder that may be written and not read, and a file system without this call, are let be.
    /// </summary>
    /// <exception cref="IOException">The disk reports an error.</exception>
    public static void Folder(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = Open(path, 0);
        if (descriptor < 0)
        {
            var reason = Marshal.GetLastPInvokeError();
            if (reason is AccessDenied or NotPermitted)
                return;
            throw Failed($"The folder '{path}'", reason);
        }

        using var folder = new SafeFileHandle(descriptor, ownsHandle: true);
        var error = FlushOnUnix(folder);
        if (error != 0)
            throw Failed($"The folder '{path}'", error);
    }

    /// <summary>
    /// Has the system begin to write a part of a file to the disk, and does not wait for it. On systems without such a call
    /// nothing is done. What fails is told by the flush that is to follow.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="offset">Where the part begins.</param>
    /// <param name="length">How long it is, in bytes.</param>
    public static void Begin(SafeFileHandle file, long offset, long length)
    {
        const uint Write = 2; // SYNC_FILE_RANGE_WRITE
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            BeginSync(file, offset, length, Write);
        }
        catch (EntryPointNotFoundException)
        {
            // A C library need not have it.
        }
    }

    private static int FlushOnWindows(SafeFileHandle file)
    {
        const int NoSuchFunction = 1; // A console or a pipe.
        if (FlushFileBuffers(file))
            return 0;
        var error = Marshal.GetLastPInvokeError();
        return error == NoSuchFunction ? 0 : error;
    }

    private static int FlushOnUnix(SafeFileHandle file)
    {
        if (OperatingSystem.IsMacOS() || OperatingSystem.IsIOS() || OperatingSystem.IsMacCatalyst() || OperatingSystem.IsTvOS())
        {
            var error = Repeat(static file => FileControl(file, AppleFullFlush), file);
            if (error is not (InvalidArgument or AppleNotSupported))
                return error;
        }

        var result = Repeat(Sync, file);
        return result is InvalidArgument or LinuxNotSupported or LinuxNoSuchCall or AppleNotSupported ? 0 : result;
    }

    private static int Repeat(Func<SafeFileHandle, int> call, SafeFileHandle file)
    {
        while (call(file) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error != Interrupted)
                return error;
        }

        return 0;
    }

    private static IOException Failed(string what, int error) =>
        new($"{what} could not be flushed to the disk: {Marshal.GetPInvokeErrorMessage(error)}", error);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "sync_file_range")]
    private static partial int BeginSync(SafeFileHandle file, long offset, long length, uint how);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int FileControl(SafeFileHandle file, int command);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool FlushFileBuffers(SafeFileHandle file);
}
