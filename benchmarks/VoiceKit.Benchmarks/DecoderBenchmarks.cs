using BenchmarkDotNet.Attributes;
using Concentus;
using VoiceKit.Concentus;
using VoiceKit.Opus;

namespace VoiceKit.Benchmarks;

/// <summary>Packets to PCM: libopus called without anything around it, the managed decoder and Concentus.</summary>
[MemoryDiagnoser]
[RealTime(DecoderMaterial.Seconds)]
public class DecoderBenchmarks
{
    private float[] _pcm = [];
    private byte[][] _packets = [];

    [ParamsSource(nameof(Materials))]
    public DecoderMaterial Material { get; set; } = DecoderMaterial.All[0];

    public static IEnumerable<DecoderMaterial> Materials => DecoderMaterial.All;

    [GlobalSetup]
    public void Setup()
    {
        OpusCodecFactory.AttemptToUseNativeLibrary = false;
        _packets = Material.MakePackets();
        _pcm = new float[Material.SampleRate / 50 * Material.Channels];
    }

    [Benchmark(Baseline = true)]
    public unsafe int BareLibopus()
    {
        var decoder = BareLibOpus.CreateDecoder(Material.SampleRate, Material.Channels);
        var frames = 0;
        foreach (var packet in _packets)
        {
            fixed (byte* data = packet)
            fixed (float* pcm = _pcm)
                frames += BareLibOpus.Decode(decoder, data, packet.Length, pcm, _pcm.Length / Material.Channels, 0);
        }

        BareLibOpus.DestroyDecoder(decoder);
        return frames;
    }

    [Benchmark]
    public int Managed() => Decode(ManagedOpusCodec.Default.CreateDecoder(Material.SampleRate, Material.Channels));

    [Benchmark]
    public int WithConcentus() => Decode(ConcentusCodec.Default.CreateDecoder(Material.SampleRate, Material.Channels));

    private int Decode(VoiceKit.Opus.IOpusDecoder decoder)
    {
        using (decoder)
        {
            var frames = 0;
            foreach (var packet in _packets)
                frames += decoder.Decode(packet, _pcm);
            return frames;
        }
    }
}
