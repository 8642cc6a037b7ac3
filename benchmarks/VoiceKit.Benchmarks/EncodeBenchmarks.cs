using BenchmarkDotNet.Attributes;
using VoiceKit.Containers;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Benchmarks;

/// <summary>10 s of PCM to Opus: the native encoder alone, through the codec's interface, and into an Ogg Opus file.</summary>
[MemoryDiagnoser]
[RealTime(Seconds)]
public class EncodeBenchmarks
{
    private const int Seconds = 10;

    private readonly byte[] _packet = new byte[OpusPacket.MaxEncodedSize];
    private readonly MemoryStream _file = new(1024 * 1024);
    private float[] _pcm = [];

    [GlobalSetup]
    public void Setup() => _pcm = Speech.MakePcm(Seconds);

    /// <summary>The packets are thrown away.</summary>
    [Benchmark(Baseline = true)]
    public unsafe int BareLibopus()
    {
        var encoder = BareLibOpus.CreateEncoder();
        var bytes = 0;
        fixed (float* pcm = _pcm)
        fixed (byte* packet = _packet)
        {
            for (var at = 0; at < _pcm.Length; at += Speech.FrameSize)
                bytes += BareLibOpus.Encode(encoder, pcm + at, Speech.FrameSize, packet, _packet.Length);
        }

        BareLibOpus.DestroyEncoder(encoder);
        return bytes;
    }

    /// <summary>The packets are thrown away.</summary>
    [Benchmark]
    public int CodecOnly()
    {
        using var encoder = LibOpusCodec.Default.CreateEncoder(Speech.EncoderOptions);
        var bytes = 0;
        for (var at = 0; at < _pcm.Length; at += Speech.FrameSize)
            bytes += encoder.Encode(_pcm.AsSpan(at, Speech.FrameSize), _packet);
        return bytes;
    }

    /// <summary>Encodes one packet more than the others, since the end of the audio lags by the encoder's look-ahead.</summary>
    [Benchmark]
    public long VoiceKit()
    {
        _file.Position = 0;
        using var writer = new OpusAudioWriter(
            _file, LibOpusCodec.Default, Speech.EncoderOptions, writerOptions: Speech.WriterOptions, leaveOpen: true);
        writer.Write(_pcm);
        writer.Finish();
        return _file.Position;
    }
}
