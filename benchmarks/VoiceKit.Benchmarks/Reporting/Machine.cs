using System.Globalization;
using System.Runtime.InteropServices;
using VoiceKit.LibOpus;

namespace VoiceKit.Benchmarks.Reporting;

/// <summary>What the figures were taken on, and with what.</summary>
internal static class Machine
{
    public static IEnumerable<(string Name, string Value)> Describe() =>
    [
        ("date", DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        ("processor", $"{Processor()}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSArchitecture}"),
        ("system", RuntimeInformation.OSDescription),
        ("runtime", RuntimeInformation.FrameworkDescription),
        ("codec", LibOpusCodec.Default.Name),
        ("opus-tools", Programs.FirstLine("opusenc", "--version")),
        ("ffmpeg", Programs.FirstLine("ffmpeg", "-version").Split(" Copyright")[0]),
        ("material", "computed speech; for the recordings espeak-ng; 48 kHz mono, 24 kbit/s, complexity 10, packets of 20 ms"),
    ];

    private static string Processor()
    {
        const string Name = "model name";
        var line = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal))
            : null;
        return line?.Split(':', 2)[1].Trim() ?? "unknown";
    }
}
