using BenchmarkDotNet.Attributes;
using Concentus;
using Concentus.Oggfile;

namespace VoiceKit.Benchmarks;

public partial class ConcentusDecodeBenchmarks
{
    [Benchmark]
    public int ConcentusOggFile()
    {
        var reader = new OpusOggReadStream(OpusCodecFactory.CreateDecoder(Speech.SampleRate, 1), new MemoryStream(_file));
        var frames = 0;
        while (reader.HasNextPacket && reader.DecodeNextPacket() is { } packet)
            frames += packet.Length;
        return frames;
    }
}
