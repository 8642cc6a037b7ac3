using BenchmarkDotNet.Attributes;
using Concentus;
using Concentus.Oggfile;
using OpusApplication = Concentus.Enums.OpusApplication;

namespace VoiceKit.Benchmarks;

public partial class ConcentusEncodeBenchmarks
{
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
}
