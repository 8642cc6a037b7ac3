using BenchmarkDotNet.Attributes;
using Concentus;
using Concentus.Oggfile;
using VoiceKit.Concentus;
using VoiceKit.Containers;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using OpusApplication = Concentus.Enums.OpusApplication;

namespace VoiceKit.Benchmarks;

/// <summary>10 s of PCM into an Ogg Opus file: with libopus, with Concentus, and with Concentus by Concentus.OggFile.</summary>
[MemoryDiagnoser]
[RealTime(Seconds)]
public class ConcentusEncodeBenchmarks
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

    /// <summary>Writes no pre-skip and does not flush the encoder: a packet less than the others.</summary>
    [Benchmark]
    public long ConcentusOggFile()
    {
        _file.Position = 0;
        var encoder = OpusCodecFactory.CreateEncoder(Speech.SampleRate, 1, OpusApplication.OPUS_APPLICATION_VOIP);
        encoder.Bitrate = Speech.Bitrate;
        encoder.Complexity = Speech.Complexity;
        encoder.UseVBR = true;
        encoder.UseConstrainedVBR = false;
        var writer = new OpusOggWriteStream(encoder, _file, leaveOpen: true);
        writer.WriteSamples(_pcm, 0, _pcm.Length);
        writer.Finish();
        return _file.Position;
    }

    private long Encode(IOpusCodec codec)
    {
        _file.Position = 0;
        using var writer = new OggOpusAudioWriter(
            _file, codec, Speech.EncoderOptions, writerOptions: Speech.WriterOptions, leaveOpen: true);
        writer.Write(_pcm);
        writer.Finish();
        return _file.Position;
    }
}
