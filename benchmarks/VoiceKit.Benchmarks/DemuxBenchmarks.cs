using BenchmarkDotNet.Attributes;
using VoiceKit.Ogg;

namespace VoiceKit.Benchmarks;

/// <summary>
/// The packets of an Ogg Opus file of 60 s, beside libogg, and beside stepping from page to page in memory and checksumming each.
/// </summary>
[MemoryDiagnoser]
[RealTime(Seconds)]
public class DemuxBenchmarks
{
    private const int Seconds = 60;
    private const int SegmentCountAt = 26;

    private byte[] _file = [];

    [GlobalSetup]
    public void Setup()
    {
        _file = Speech.MakeFile(Seconds);
        using var reader = OggOpusReader.Open(new MemoryStream(_file));
        if (LibOgg() != VoiceKit() + reader.Head.Size + reader.Tags.ToPacket().Length)
            throw new InvalidOperationException("libogg and VoiceKit read different packets.");
    }

    /// <summary>Trusts every byte and finds no packets.</summary>
    [Benchmark(Baseline = true)]
    public uint BareWalkAndChecksum()
    {
        var sum = 0u;
        var rest = _file.AsSpan();
        while (!rest.IsEmpty)
        {
            var size = SegmentCountAt + 1 + rest[SegmentCountAt];
            foreach (var segment in rest.Slice(SegmentCountAt + 1, rest[SegmentCountAt]))
                size += segment;
            sum += BareOgg.Checksum(0, rest[..size]);
            rest = rest[size..];
        }

        return sum;
    }

    /// <summary>Looks into no packet and keeps no time.</summary>
    [Benchmark]
    public int LibOgg() => LibOggFile.Demux(_file);

    [Benchmark]
    public int VoiceKit()
    {
        using var reader = OggOpusReader.Open(new MemoryStream(_file));
        var bytes = 0;
        while (reader.Read())
            bytes += reader.Packet.Length;
        return bytes;
    }
}
