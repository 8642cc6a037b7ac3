using BenchmarkDotNet.Attributes;
using VoiceKit.Audio;

namespace VoiceKit.Benchmarks;

/// <summary>
/// 10 s of 48 kHz computed speech in pieces of 20 ms at twice the speed; a mean of 10 ms is 1000 × real time of the input. The
/// baseline is the same two searches and the fade as plain loops in double over the whole, with single samples for averages.
/// </summary>
[MemoryDiagnoser]
[RealTime(Seconds)]
public class StretchBenchmarks
{
    public const int Seconds = 10;

    private const int Piece = Speech.FrameSize;
    private const int Hop = Speech.SampleRate / 125;
    private const int Step = 8;
    private const double Speed = 2;

    private readonly TimeStretcher _mono = new(new AudioFormat(Speech.SampleRate, 1)) { Speed = Speed };
    private readonly TimeStretcher _stereo = new(new AudioFormat(Speech.SampleRate, 2)) { Speed = Speed };
    private readonly AutomaticGain _gain = new(new AudioFormat(Speech.SampleRate, 1));
    private readonly HighPassFilter _highPass = new(new AudioFormat(Speech.SampleRate, 1));
    private readonly LevelMeter _meter = new();
    private readonly float[] _output = new float[4_096];
    private readonly float[] _bareOutput = new float[Speech.SampleRate * Seconds];
    private readonly float[] _fade = new float[Hop];
    private float[] _input = [];
    private float[] _stereoInput = [];

    [GlobalSetup]
    public void Setup()
    {
        _input = Speech.MakePcm(Seconds);
        _stereoInput = new float[2 * _input.Length];
        ChannelMixer.MixUp(_input, _stereoInput);
        for (var i = 0; i < Hop; i++)
            _fade[i] = (float)(0.5 - 0.5 * Math.Cos(Math.PI * (i + 0.5) / Hop));
    }

    [Benchmark(Baseline = true)]
    public int ScalarLoop()
    {
        var place = 0;
        var made = 0;
        for (; (made + Hop) * Speed + 3 * Hop < _input.Length; made += Hop)
        {
            var middle = (int)((made + Hop) * Speed) - Hop;
            var near = FindPlain(place, Math.Max(middle - Hop, 0), middle + Hop, 2 * Hop, Step);
            var found = FindPlain(place, Math.Max(near - Step, 0), near + Step, Hop, 1);
            for (var i = 0; i < Hop; i++)
                _bareOutput[made + i] = _input[place + i] + (_input[found + i] - _input[place + i]) * _fade[i];
            place = found + Hop;
        }

        return made;
    }

    [Benchmark]
    public long Mono() => Stream(_mono, _input);

    [Benchmark]
    public long Stereo() => Stream(_stereo, _stereoInput);

    /// <summary>What the recorder does with each piece.</summary>
    [Benchmark]
    public double HighPassGainAndMeter()
    {
        _gain.Reset();
        var piece = _output.AsSpan(0, Piece);
        for (var from = 0; from < _input.Length; from += Piece)
        {
            _input.AsSpan(from, Piece).CopyTo(piece);
            _highPass.Process(piece);
            _gain.Process(piece);
            _meter.Add(piece);
        }

        return _meter.Read().Rms;
    }

    private int FindPlain(int place, int first, int last, int length, int step)
    {
        var (best, bestScore) = (first, 0.0);
        for (var candidate = first; candidate <= last; candidate += step)
        {
            double product = 0, energy = 1e-12;
            for (var i = 0; i < length; i += step)
            {
                product += (double)_input[place + i] * _input[candidate + i];
                energy += (double)_input[candidate + i] * _input[candidate + i];
            }

            var score = product / Math.Sqrt(energy);
            if (score > bestScore)
                (best, bestScore) = (candidate, score);
        }

        return best;
    }

    private long Stream(TimeStretcher stretcher, float[] samples)
    {
        var piece = Piece * stretcher.Format.Channels;
        long total = 0;
        stretcher.Reset();
        for (var from = 0; from < samples.Length;)
        {
            var input = samples.AsSpan(from, Math.Min(piece, samples.Length - from));
            stretcher.Process(input, _output, out var consumed, out var produced);
            from += consumed;
            total += produced;
        }

        int flushed;
        while ((flushed = stretcher.Flush(_output)) > 0)
            total += flushed;
        return total;
    }
}
