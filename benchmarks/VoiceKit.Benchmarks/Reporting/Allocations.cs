using static System.FormattableString;

namespace VoiceKit.Benchmarks.Reporting;

/// <summary>What the codecs allocate for each packet of 20 ms, on the thread that uses them.</summary>
internal static class Allocations
{
    private const int Packets = 500;

    /// <summary>A table of Markdown.</summary>
    public static string Table()
    {
        var encode = new ConcentusEncodeBenchmarks();
        encode.Setup();
        var decode = new ConcentusDecodeBenchmarks();
        decode.Setup();
        return "| allocated for each packet of 20 ms, mono, in bytes | libopus | Concentus |\n| --- | ---: | ---: |\n"
            + Invariant($"| encode | {Measure(() => encode.WithLibopus()):N0} | {Measure(() => encode.WithConcentus()):N0} |\n")
            + Invariant($"| decode | {Measure(() => decode.WithLibopus()):N0} | {Measure(() => decode.WithConcentus()):N0} |\n");
    }

    // With what is made once for a file, which is little for each of its packets.
    private static long Measure(Action work)
    {
        work();
        var before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Packets;
    }
}
