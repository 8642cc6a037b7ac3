using BenchmarkDotNet.Attributes;
using VoiceKit.Containers;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;

namespace VoiceKit.Benchmarks;

/// <summary>Opus to 10 s of PCM: the native decoder alone, through the codec's interface, and from an Ogg Opus file.</summary>
[MemoryDiagnoser]
[RealTime(Seconds)]
public class DecodeBenchmarks
{
    private const int Seconds = 10;

    private readonly float[] _pcm = new float[Speech.FrameSize];
    private byte[][] _packets = [];
    private byte[] _file = [];

    [GlobalSetup]
    public void Setup()
    {
        _packets = Speech.MakePackets(Seconds);
        _file = Speech.MakeFile(Seconds);
    }

    [Benchmark(Baseline = true)]
    public unsafe int BareLibopus()
    {
        var decoder = BareLibOpus.CreateDecoder();
        var frames = 0;
        foreach (var packet in _packets)
        {
            fixed (byte* data = packet)
            fixed (float* pcm = _pcm)
                frames += BareLibOpus.Decode(decoder, data, packet.Length, pcm, Speech.FrameSize, 0);
        }

        BareLibOpus.DestroyDecoder(decoder);
        return frames;
    }

    [Benchmark]
    public int CodecOnly()
    {
        using var decoder = LibOpusCodec.Default.CreateDecoder(Speech.SampleRate, 1);
        var frames = 0;
        foreach (var packet in _packets)
            frames += decoder.Decode(packet, _pcm);
        return frames;
    }

    [Benchmark]
    public int VoiceKit()
    {
        using var reader = new OpusAudioReader(new MemoryStream(_file), LibOpusCodec.Default);
        var frames = 0;
        while (reader.Read(_pcm) is var count and > 0)
            frames += count;
        return frames;
    }
}
