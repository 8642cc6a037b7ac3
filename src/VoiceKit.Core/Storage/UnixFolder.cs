using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace VoiceKit.Storage;

/// <summary>What Unix asks for to make a new, renamed or deleted name durable, and the runtime has no call for.</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class UnixFolder
{
    private const int InputOutputError = 5;
    private const int NoSpace = 28;

    /// <summary>Flushes a folder to the disk. File systems that know no such thing are let be.</summary>
    /// <exception cref="IOException">The disk reports an error.</exception>
    public static void Flush(string path)
    {
        var descriptor = Open(path, 0);
        if (descriptor < 0)
            throw new IOException($"The folder '{path}' cannot be opened: error {Marshal.GetLastPInvokeError()}.");
        var error = Sync(descriptor) == 0 ? 0 : Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (error is InputOutputError or NoSpace)
            throw new IOException($"The folder '{path}' cannot be flushed to the disk: error {error}.");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
