using BenchmarkDotNet.Attributes;
using VoiceKit.Audio;
using VoiceKit.Waveforms;

namespace VoiceKit.Benchmarks;

/// <summary>10 s of 48 kHz mono in pieces of 20 ms; a mean of 1 ms is 10,000 times real time.</summary>
[MemoryDiagnoser]
public class WaveformBenchmarks
{
    private const int Piece = 960;

    private readonly float[] _pcm = new float[480_000];
    private readonly WaveformBuilder _builder = new(new AudioFormat(48_000, 1));
    private readonly WaveformBuilder _full = new(new AudioFormat(48_000, 1));

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        for (var i = 0; i < _pcm.Length; i++)
            _pcm[i] = 0.1f * (2 * random.NextSingle() - 1);
        _full.Add(_pcm);
    }

    /// <summary>The least that any meter does: one peak and one sum of squares for each piece, no bars.</summary>
    [Benchmark(Baseline = true)]
    public double BareLoop()
    {
        var result = 0d;
        for (var start = 0; start < _pcm.Length; start += Piece)
        {
            var peak = 0f;
            var energy = 0d;
            foreach (var sample in _pcm.AsSpan(start, Piece))
            {
                peak = Math.Max(peak, Math.Abs(sample));
                energy += (double)sample * sample;
            }

            result += peak + energy;
        }

        return result;
    }

    [Benchmark]
    public long Add()
    {
        _builder.Reset();
        for (var start = 0; start < _pcm.Length; start += Piece)
            _builder.Add(_pcm.AsSpan(start, Piece));
        return _builder.FrameCount;
    }

    /// <summary>100 bars of the 10 s.</summary>
    [Benchmark]
    public Waveform Build() => _full.Build(100);
}
