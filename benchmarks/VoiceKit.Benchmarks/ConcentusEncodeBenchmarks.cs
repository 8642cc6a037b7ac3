using BenchmarkDotNet.Attributes;
using Concentus;
using VoiceKit.Concentus;
using VoiceKit.Containers;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Benchmarks;

/// <summary>
/// 10 s of PCM into an Ogg Opus file: with libopus, with Concentus, and with Concentus by Concentus.OggFile where it is to be
/// had.
/// </summary>
[MemoryDiagnoser]
[RealTime(Seconds)]
public partial class ConcentusEncodeBenchmarks
{
    private const int Seconds = 10;

    private readonly MemoryStream _file = new(1024 * 1024);
    private float[] _pcm = [];

    [GlobalSetup]
    public void Setup()
    {
        OpusCodecFactory.AttemptToUseNativeLibrary = false;
        _pcm = Speech.MakePcm(Seconds);
    }

    [Benchmark(Baseline = true)]
    public long WithLibopus() => Encode(LibOpusCodec.Default);

    [Benchmark]
    public long WithConcentus() => Encode(ConcentusCodec.Default);

    private long Encode(IOpusCodec codec)
    {
        _file.Position = 0;
        using var writer = new OpusAudioWriter(
            _file, codec, Speech.EncoderOptions, writerOptions: Speech.WriterOptions, leaveOpen: true);
        writer.Write(_pcm);
        writer.Finish();
        return _file.Position;
    }
}
