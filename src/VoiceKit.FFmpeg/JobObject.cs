using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace VoiceKit.FFmpeg;

/// <summary>A process of Windows with all that it starts, which end when this is disposed or this process ends.</summary>
internal sealed partial class JobObject : IDisposable
{
    private const int ExtendedLimits = 9; // JobObjectExtendedLimitInformation
    private const uint LimitsTime = 0x2;
    private const uint LimitsMemory = 0x100;
    private const uint EndsWithHandle = 0x2000;

    private readonly SafeFileHandle _job;

    private JobObject(SafeFileHandle job) => _job = job;

    /// <summary>Takes a process that has just been started; null where the system does not let it.</summary>
    [SupportedOSPlatform("windows")]
    public static JobObject? TryHold(Process process, FFmpegOptions options)
    {
        var job = new SafeFileHandle(CreateJob(0, 0), ownsHandle: true);
        var limits = new Limits
        {
            Flags = EndsWithHandle
                | (options.MaxProcessorTime is null ? 0 : LimitsTime)
                | (options.MaxMemory is null ? 0 : LimitsMemory),
            ProcessTime = options.MaxProcessorTime?.Ticks ?? 0,
            ProcessMemory = (nuint)Math.Min((ulong)(options.MaxMemory ?? 0), nuint.MaxValue),
        };
        if (!job.IsInvalid && SetJob(job, ExtendedLimits, limits, Marshal.SizeOf<Limits>()) && AddToJob(job, process.SafeHandle))
            return new JobObject(job);
        job.Dispose();
        return null;
    }

    public void Dispose() => _job.Dispose();

    [LibraryImport("kernel32", EntryPoint = "CreateJobObjectW")]
    private static partial nint CreateJob(nint security, nint name);

    [LibraryImport("kernel32", EntryPoint = "SetInformationJobObject")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetJob(SafeFileHandle job, int kind, in Limits limits, int size);

    [LibraryImport("kernel32", EntryPoint = "AssignProcessToJobObject")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool AddToJob(SafeFileHandle job, SafeProcessHandle process);

    // JOBOBJECT_EXTENDED_LIMIT_INFORMATION
    [StructLayout(LayoutKind.Sequential)]
    private struct Limits
    {
        public long ProcessTime;
        public long JobTime;
        public uint Flags;
        public nuint MinWorkingSet;
        public nuint MaxWorkingSet;
        public uint ProcessCount;
        public nuint Affinity;
        public uint Priority;
        public uint Scheduling;
        public ulong Reads;
        public ulong Writes;
        public ulong Others;
        public ulong ReadBytes;
        public ulong WrittenBytes;
        public ulong OtherBytes;
        public nuint ProcessMemory;
        public nuint JobMemory;
        public nuint PeakProcessMemory;
        public nuint PeakJobMemory;
    }
}
