using BenchmarkDotNet.Attributes;
using Concentus;
using VoiceKit.Concentus;
using VoiceKit.Containers;
using VoiceKit.LibOpus;
using VoiceKit.Opus;

namespace VoiceKit.Benchmarks;

/// <summary>
/// An Ogg Opus file to 10 s of PCM: with libopus, with Concentus, and with Concentus by Concentus.OggFile where it is to be had.
/// </summary>
[MemoryDiagnoser]
[RealTime(Seconds)]
public partial class ConcentusDecodeBenchmarks
{
    private const int Seconds = 10;

    private readonly float[] _pcm = new float[Speech.FrameSize];
    private byte[] _file = [];

    [GlobalSetup]
    public void Setup()
    {
        OpusCodecFactory.AttemptToUseNativeLibrary = false;
        _file = Speech.MakeFile(Seconds);
    }

    [Benchmark(Baseline = true)]
    public int WithLibopus() => Decode(LibOpusCodec.Default);

    [Benchmark]
    public int WithConcentus() => Decode(ConcentusCodec.Default);

    private int Decode(IOpusCodec codec)
    {
        using var reader = new OpusAudioReader(new MemoryStream(_file), codec);
        var frames = 0;
        while (reader.Read(_pcm) is var count and > 0)
            frames += count;
        return frames;
    }
}
