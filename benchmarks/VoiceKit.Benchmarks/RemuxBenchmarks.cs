using BenchmarkDotNet.Attributes;
using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.WebM;

namespace VoiceKit.Benchmarks;

/// <summary>An hour of speech from WebM and from Ogg to Ogg, beside writing the same packets from memory.</summary>
[MemoryDiagnoser]
[RealTime(Seconds)]
public class RemuxBenchmarks
{
    public const int Seconds = Minutes * 60;

    private const int Minutes = 60;

    private readonly OpusHead _head = new(1, 312, Speech.SampleRate);
    private readonly OpusTags _tags = new("VoiceKit");
    private readonly MemoryStream _output = new(new byte[32 * 1024 * 1024]);
    private byte[][] _packets = [];
    private byte[] _webM = [];
    private byte[] _ogg = [];

    [GlobalSetup]
    public void Setup()
    {
        _packets = Speech.MakePackets(60);
        _webM = Write(output => new WebMOpusWriter(output, _head, _tags, leaveOpen: true));
        _ogg = Write(output => new OggOpusWriter(output, _head, _tags, Speech.WriterOptions, leaveOpen: true));
        if (WebMToOgg() < BareWriter() || OggToOgg() != BareWriter())
            throw new InvalidOperationException("A remuxed file has not the size that it should have.");
    }

    [Benchmark(Baseline = true)]
    public long BareWriter()
    {
        _output.Position = 0;
        using var writer = new OggOpusWriter(_output, _head, _tags, Speech.WriterOptions, leaveOpen: true);
        WritePackets(writer);
        return _output.Position;
    }

    [Benchmark]
    public long WebMToOgg() => Remux(_webM);

    [Benchmark]
    public long OggToOgg() => Remux(_ogg);

    private long Remux(byte[] input)
    {
        _output.Position = 0;
        OpusEditor.Remux(new MemoryStream(input), _output, OpusContainer.Ogg, Speech.WriterOptions);
        return _output.Position;
    }

    private byte[] Write(Func<Stream, IOpusPacketWriter> create)
    {
        using var output = new MemoryStream();
        using (var writer = create(output))
            WritePackets(writer);
        return output.ToArray();
    }

    private void WritePackets(IOpusPacketWriter writer)
    {
        for (var minute = 0; minute < Minutes; minute++)
        {
            foreach (var packet in _packets)
                writer.WritePacket(packet);
        }

        writer.Finish();
    }
}
