using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace VoiceKit.FFmpeg;

/// <summary>Limits what a process that has just been started may use (prlimit of Linux).</summary>
[SupportedOSPlatform("linux")]
internal static partial class ProcessLimits
{
    private const int ProcessorTime = 0; // RLIMIT_CPU
    private const int FileSize = 1; // RLIMIT_FSIZE
    private const int AddressSpace = 9; // RLIMIT_AS

    /// <summary>Sets the limits, as far as the system takes them.</summary>
    public static void Apply(int process, FFmpegOptions options)
    {
        if (nint.Size < sizeof(long))
            return; // The call takes other sizes there.
        Set(process, AddressSpace, options.MaxMemory);
        Set(process, FileSize, options.MaxFileSize);
        Set(process, ProcessorTime, options.MaxProcessorTime is { } time ? (long)Math.Ceiling(time.TotalSeconds) : null);
    }

    private static void Set(int process, int resource, long? most)
    {
        if (most is { } limit)
            _ = Limit(process, resource, [(ulong)limit, (ulong)limit], 0);
    }

    // A soft and a hard limit.
    [LibraryImport("libc", EntryPoint = "prlimit")]
    private static partial int Limit(int process, int resource, ReadOnlySpan<ulong> limits, nint old);
}
