namespace VoiceKit.Benchmarks.Reporting;

/// <summary>What a run took.</summary>
/// <param name="Wall">Seconds of the clock.</param>
/// <param name="Cpu">Seconds of all cores, of the program and of the kernel for it.</param>
/// <param name="PeakMegabytes">The most memory that it had resident, in MiB; null where that cannot be told apart.</param>
internal readonly record struct Cost(double Wall, double Cpu, double? PeakMegabytes);
