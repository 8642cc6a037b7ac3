using BenchmarkDotNet.Attributes;
using VoiceKit.Waveforms;

namespace VoiceKit.Benchmarks;

/// <summary>
/// 100 bars of 60 s of Ogg Opus. The baseline decodes the packets at the full rate and takes one peak and one sum of squares
/// of each. The library's own decoder makes exact bars of the whole sound, or bars for a drawing of levels alone.
/// </summary>
[MemoryDiagnoser]
[RealTime(Seconds)]
public class OpusBarsBenchmarks
{
    public const int Seconds = 60;

    private const int Bars = 100;

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
    public unsafe double BareLibopusAndLoop()
    {
        var decoder = BareLibOpus.CreateDecoder();
        var result = 0d;
        foreach (var packet in _packets)
        {
            int frames;
            fixed (byte* data = packet)
            fixed (float* pcm = _pcm)
                frames = BareLibOpus.Decode(decoder, data, packet.Length, pcm, Speech.FrameSize, 0);
            var peak = 0f;
            foreach (var sample in _pcm.AsSpan(0, frames))
            {
                peak = Math.Max(peak, Math.Abs(sample));
                result += (double)sample * sample;
            }

            result += peak;
        }

        BareLibOpus.DestroyDecoder(decoder);
        return result;
    }

    [Benchmark]
    public Waveform Exact() => Waveform.FromOpus(new MemoryStream(_file), Bars, accuracy: WaveformAccuracy.Exact);

    [Benchmark]
    public Waveform OneCore() => Waveform.FromOpus(new MemoryStream(_file), Bars);

    [Benchmark]
    public Waveform AllCores() => Waveform.FromOpus(new MemoryStream(_file), Bars, maxDegreeOfParallelism: -1);
}
