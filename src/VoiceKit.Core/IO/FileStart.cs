using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace VoiceKit.IO;

/// <summary>
/// Reads the first bytes of many files with the fewest calls of the system: open, read, close. The runtime's own handles ask what
/// each file is, lock and unlock it, which costs as much again. So another program may be writing what is read.
/// </summary>
internal static partial class FileStart
{
    private const int NotBlocking = 0x800; // O_NONBLOCK: a pipe has no first bytes to wait for.
    private const int CloseOnExecute = 0x80000; // O_CLOEXEC.

    /// <summary>Whether the system is one whose calls are known here.</summary>
    [SupportedOSPlatformGuard("linux")]
    public static bool IsSupported { get; } =
        OperatingSystem.IsLinux()
        && RuntimeInformation.ProcessArchitecture
            is Architecture.X64 or Architecture.X86 or Architecture.Arm64 or Architecture.Arm or Architecture.Armv6;

    /// <summary>Reads the first bytes of a file.</summary>
    /// <param name="path">The path in UTF-8, with a zero at its end.</param>
    /// <param name="bytes">Takes them.</param>
    /// <returns>How many there are; less than 0 when the file cannot be read: the runtime's own calls say why.</returns>
    [SupportedOSPlatform("linux")]
    public static int TryRead(ReadOnlySpan<byte> path, Span<byte> bytes)
    {
        var file = Open(in path[0], NotBlocking | CloseOnExecute);
        if (file < 0)
            return -1;
        var count = Read(file, ref bytes[0], bytes.Length);
        _ = Close(file);
        return (int)count;
    }

    [LibraryImport("libc", EntryPoint = "open")]
    private static partial int Open(in byte path, int flags);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(int file, ref byte bytes, nint count);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
