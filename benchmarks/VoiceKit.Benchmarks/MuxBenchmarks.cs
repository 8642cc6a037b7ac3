using BenchmarkDotNet.Attributes;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Benchmarks;

/// <summary>
/// 60 s of Opus packets to an Ogg Opus file, beside libogg, and beside copying and checksumming the same bytes.
/// </summary>
[MemoryDiagnoser]
[RealTime(Seconds)]
public class MuxBenchmarks
{
    private const int Seconds = 60;

    private readonly byte[] _buffer = new byte[1024 * 1024];
    private readonly MemoryStream _file = new(new byte[1024 * 1024], 0, 1024 * 1024, writable: true, publiclyVisible: true);
    private readonly OpusHead _head = new(1, 312, Speech.SampleRate);
    private readonly OpusTags _tags = new("VoiceKit");
    private byte[][] _packets = [];
    private byte[] _headPacket = [];
    private byte[] _tagsPacket = [];

    [GlobalSetup]
    public void Setup()
    {
        _packets = Speech.MakePackets(Seconds);
        _headPacket = new byte[_head.Size];
        _head.Write(_headPacket);
        _tagsPacket = _tags.ToPacket();
        if (!_buffer.AsSpan(0, LibOgg()).SequenceEqual(_file.GetBuffer().AsSpan(0, (int)VoiceKit())))
            throw new InvalidOperationException("libogg and VoiceKit write different files.");
    }

    [Benchmark(Baseline = true)]
    public uint BareCopyAndChecksum()
    {
        var size = 0;
        var crc = 0u;
        foreach (var packet in _packets)
        {
            packet.CopyTo(_buffer.AsSpan(size));
            crc = BareOgg.Checksum(crc, _buffer.AsSpan(size, packet.Length));
            size += packet.Length;
        }

        return crc;
    }

    /// <summary>Checks no packet, and leaves it to the caller where pages end and what their granule positions are.</summary>
    [Benchmark]
    public int LibOgg() => LibOggFile.Mux(_packets, _headPacket, _tagsPacket, _buffer);

    [Benchmark]
    public long VoiceKit()
    {
        _file.Position = 0;
        using var writer = new OggOpusWriter(_file, _head, _tags, Speech.WriterOptions, leaveOpen: true);
        foreach (var packet in _packets)
            writer.WritePacket(packet);
        writer.Finish();
        return _file.Position;
    }
}
