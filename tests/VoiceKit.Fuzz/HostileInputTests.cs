using System.Globalization;
using System.Collections.Concurrent;
using System.Diagnostics;
using VoiceKit.Audio;
using VoiceKit.Caf;
using VoiceKit.Conformance;
using VoiceKit.Containers;
using VoiceKit.Mp4;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.WebM;

namespace VoiceKit.Fuzz;

/// <summary>
/// What costs the most costs no more than its size allows: an input of four times the size makes four times the work, counted in
/// bytes read and in packets and defects told, and allocates no more than 1 MiB and its size. The time is written down, not
/// judged.
/// </summary>
public class HostileInputTests(ITestOutputHelper output)
{
    private static readonly int Small = FuzzOptions.HostileSize;
    private const int Factor = 4;

    /// <summary>How often a byte may be read: seeking looks at a file in ever smaller parts.</summary>
    private const long ReadFactor = 8;

    /// <summary>
    /// The same for a table that points anywhere: four bytes of it make a read of 256, the least that is read after a jump.
    /// </summary>
    private const long TableReadFactor = 1 + 256 / 4 + 1;

    /// <summary>Work that every input makes, whatever its size.</summary>
    private const long FreeWork = 512 * 1024;

    private static readonly Dictionary<string,
    (IReadOnlyDictionary<string, Func<int, byte[]>> Inputs, Func<Stream, long> Run)> Ways = new()
    {
        ["Ogg read"] = (HostileInputs.Ogg, stream => Read(OggOpusReader.Open(stream))),
        ["Ogg salvage"] = (HostileInputs.Ogg, stream => Read(
            OggOpusReader.Open(stream, new OpusReaderOptions { Salvages = true }))),
        ["Ogg seek"] = (HostileInputs.Ogg, Seek),
        ["Ogg outline"] = (HostileInputs.Ogg, stream => OggOpusOutline.Read(stream).LinkCount),
        ["Ogg check"] = (HostileInputs.Ogg, Check),
        ["WebM"] = (HostileInputs.WebM, stream => Read(WebMOpusReader.Open(stream))),
        ["MP4"] = (HostileInputs.Mp4, stream => Read(Mp4OpusReader.Open(stream))),
        ["CAF"] = (HostileInputs.Caf, stream => Read(CafOpusReader.Open(stream))),
        ["WAV"] = (HostileInputs.Wav, ReadWav),
    };

    // One input is read in several ways.
    private static readonly ConcurrentDictionary<(object, string), Lazy<(byte[] Small, byte[] Large)>> Made = new();

    public static TheoryData<string, string> All
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (way, (inputs, _)) in Ways)
            {
                foreach (var name in inputs.Keys)
                    data.Add(way, name);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Work_and_memory_grow_no_faster_than_the_input(string way, string input)
    {
        var (inputs, run) = Ways[way];
        var (smallInput, largeInput) = Made.GetOrAdd(
            (inputs, input), _ => new(() => (inputs[input](Small), inputs[input](Factor * Small)))).Value;
        var small = Measure(run, smallInput);
        var large = Measure(run, largeInput);
        output.WriteLine($"{way}, {input}: {small} -> {large}");
        Assert.InRange(large.Told, 0, Factor * 2 * small.Told + 1000);
        foreach (var cost in new[] { small, large })
        {
            Assert.InRange(cost.Allocated, 0, FuzzTarget.FreeBytes + cost.Size);
            Assert.InRange(cost.BytesRead, 0, (way == "MP4" ? TableReadFactor : ReadFactor) * cost.Size + FreeWork);
        }
    }

    private static Cost Measure(Func<Stream, long> run, byte[] data)
    {
        var best = new Cost(data.Length, 0, 0, long.MaxValue, 0);
        for (var attempt = 0; attempt < 3 && best.Allocated > FuzzTarget.FreeBytes; attempt++)
        {
            var stream = new PieceStream(data);
            long told = 0;
            var clock = Stopwatch.GetTimestamp();
            var allocated = Allocation.Measure(() => told = run(stream));
            var milliseconds = Stopwatch.GetElapsedTime(clock).TotalMilliseconds;
            if (allocated < best.Allocated)
                best = new Cost(data.Length, stream.BytesRead, told, allocated, milliseconds);
        }

        return best;
    }

    private static long Read(IOpusPacketReader reader)
    {
        long count = 0;
        using (reader)
        {
            while (reader.Read())
                count++;
            return count + reader.DefectCount;
        }
    }

    private static long Seek(Stream stream)
    {
        using var reader = OggOpusReader.Open(stream);
        reader.Seek(48_000);
        return reader.Read() ? 1 : 0;
    }

    private static long Check(Stream stream)
    {
        var report = OggOpusCheck.Run(stream);
        return report.ErrorCount + report.WarningCount + report.PacketCount;
    }

    private static long ReadWav(Stream stream)
    {
        using var reader = new WavReader(stream);
        var buffer = new float[4096];
        long count = 0;
        int read;
        while ((read = reader.Read(buffer)) > 0)
            count += read;
        return count;
    }

    private sealed record Cost(long Size, long BytesRead, long Told, long Allocated, double Milliseconds)
    {
        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"{Size / 1024} KiB (read {BytesRead / 1024} KiB, told {Told}, allocated {Allocated / 1024} KiB, {Milliseconds:0.0} ms)");
    }
}
