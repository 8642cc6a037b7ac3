using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace VoiceKit.FFmpeg;

/// <summary>Limits what a process may use (prlimit of Linux).</summary>
internal static partial class ProcessLimits
{
    private const int ProcessorTime = 0; // RLIMIT_CPU
    private const int FileSize = 1; // RLIMIT_FSIZE
    private const int AddressSpace = 9; // RLIMIT_AS

    /// <summary>The limits as words for the program prlimit, which sets them and then becomes another program.</summary>
    [SupportedOSPlatform("linux")]
    public static IEnumerable<string> Words(FFmpegOptions options)
    {
        foreach (var (resource, name, most) in Of(options))
        {
            // A process may not raise its own hard limit, and the program would fail at that.
            var limit = Math.Min((ulong)most, HardLimit(resource));
            yield return string.Create(CultureInfo.InvariantCulture, $"--{name}={limit}:{limit}");
        }
    }

    /// <summary>Sets the limits of a process that has just been started, as far as the system takes them.</summary>
    [SupportedOSPlatform("linux")]
    public static void Apply(int process, FFmpegOptions options)
    {
        if (nint.Size < sizeof(long))
            return; // The call takes other sizes there.
        foreach (var (resource, _, most) in Of(options))
            _ = Limit(process, resource, [(ulong)most, (ulong)most], 0);
    }

    private static IEnumerable<(int Resource, string Name, long Most)> Of(FFmpegOptions options)
    {
        if (options.MaxMemory is { } memory)
            yield return (AddressSpace, "as", memory);
        if (options.MaxFileSize is { } size)
            yield return (FileSize, "fsize", size);
        if (options.MaxProcessorTime is { } time)
            yield return (ProcessorTime, "cpu", (long)Math.Ceiling(time.TotalSeconds));
    }

    // What the system holds this process to.
    [SupportedOSPlatform("linux")]
    private static ulong HardLimit(int resource)
    {
        Span<ulong> limits = stackalloc ulong[2];
        return nint.Size == sizeof(long) && Read(0, resource, 0, limits) == 0 ? limits[1] : ulong.MaxValue;
    }

    // A soft and a hard limit.
    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "prlimit")]
    private static partial int Limit(int process, int resource, ReadOnlySpan<ulong> limits, nint old);

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "prlimit")]
    private static partial int Read(int process, int resource, nint limits, Span<ulong> old);
}
