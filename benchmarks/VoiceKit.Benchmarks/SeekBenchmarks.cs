using BenchmarkDotNet.Attributes;
using VoiceKit.Containers;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Benchmarks;

/// <summary>
/// The first 20 ms at a place anywhere in an Ogg Opus file of an hour, each time another. Beside it: decoding the packets of the
/// 640 ms of pre-roll alone, and the length of the file.
/// </summary>
[MemoryDiagnoser]
public class SeekBenchmarks
{
    private const int Minutes = 60;
    private const int PacketsPerSecond = OpusRates.Full / Speech.FrameSize;

    // The packets that hold 640 ms of pre-roll and the 20 ms that are wanted.
    private const int PacketsPerSeek = 34;

    // A prime, so that no place comes again soon.
    private const long Step = 1_000_003 * 97;

    private readonly float[] _pcm = new float[Speech.FrameSize];
    private byte[][] _packets = [];
    private byte[] _file = [];
    private OpusAudioReader _reader = null!;
    private nint _decoder;
    private long _frame;

    /// <summary>The audio that one seek decodes, in seconds.</summary>
    public static double Seconds => (double)PacketsPerSeek / PacketsPerSecond;

    [GlobalSetup]
    public void Setup()
    {
        _packets = Speech.MakePackets(60);
        _file = Speech.MakeLongFile(Minutes);
        _reader = new OpusAudioReader(new MemoryStream(_file), LibOpusCodec.Default);
        _decoder = BareLibOpus.CreateDecoder();
        if (Outline() < Minutes * 60 - 1 || VoiceKit() != Speech.FrameSize)
            throw new InvalidOperationException("The file has not the length that it should have.");
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _reader.Dispose();
        BareLibOpus.DestroyDecoder(_decoder);
    }

    /// <summary>Knows where the packets are.</summary>
    [Benchmark(Baseline = true)]
    public unsafe int BareLibopus()
    {
        BareLibOpus.ResetDecoder(_decoder);
        var first = (int)(NextFrame() / Speech.FrameSize % (_packets.Length - PacketsPerSeek));
        var frames = 0;
        for (var i = first; i < first + PacketsPerSeek; i++)
        {
            fixed (byte* data = _packets[i])
            fixed (float* pcm = _pcm)
                frames += BareLibOpus.Decode(_decoder, data, _packets[i].Length, pcm, Speech.FrameSize, 0);
        }

        return frames;
    }

    [Benchmark]
    public int VoiceKit()
    {
        _reader.Seek(NextFrame());
        var frames = 0;
        while (frames < Speech.FrameSize)
            frames += _reader.Read(_pcm.AsSpan(frames));
        return frames;
    }

    /// <summary>The headers and the length, from the first and the last pages.</summary>
    [Benchmark]
    public double Outline() => OggOpusOutline.Read(new MemoryStream(_file)).Duration.TotalSeconds;

    private long NextFrame() => _frame = (_frame + Step) % ((Minutes * 60 - 1) * (long)OpusRates.Full);
}
