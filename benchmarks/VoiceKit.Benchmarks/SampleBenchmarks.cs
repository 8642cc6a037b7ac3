using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using VoiceKit.Audio;

namespace VoiceKit.Benchmarks;

/// <summary>
/// What is done with every sample of 10 s of speech at 48 kHz, in pieces of 20 ms: converted, mixed, measured. Beside each the
/// loop that says it in the plainest way.
/// </summary>
[MemoryDiagnoser]
[RealTime(Seconds)]
public class SampleBenchmarks
{
    public const int Seconds = 10;

    private const int Piece = Speech.FrameSize;
    private const float FullScale = 32768;

    private readonly short[] _integers = new short[Piece];
    private readonly float[] _floats = new float[Piece];
    private readonly float[] _peaks = new float[1];
    private readonly double[] _energies = new double[1];
    private float[] _mono = [];
    private float[] _stereo = [];
    private short[] _recorded = [];

    [GlobalSetup]
    public void Setup()
    {
        _mono = Speech.MakePcm(Seconds);
        _recorded = Array.ConvertAll(_mono, sample => (short)Math.Clamp(sample * FullScale, short.MinValue, short.MaxValue));
        _stereo = new float[2 * _mono.Length];
        ChannelMixer.MixUp(_mono, _stereo);
        if (ToFloatLoop() != ToFloat() || FromFloatLoop() != FromFloat() || MixDownLoop() != MixDown() || PeakLoop() != Peak())
            throw new InvalidOperationException("A loop gives something else than what stands in its place.");
    }

    [Benchmark]
    public float ToFloatLoop()
    {
        for (var at = 0; at < _recorded.Length; at += Piece)
        {
            var samples = _recorded.AsSpan(at, Piece);
            var output = _floats.AsSpan(0, samples.Length);
            for (var i = 0; i < samples.Length; i++)
                output[i] = samples[i] / FullScale;
        }

        return _floats[^1];
    }

    [Benchmark]
    public float ToFloat()
    {
        for (var at = 0; at < _recorded.Length; at += Piece)
            WavDecoder.Decode(WavCoding.Int16, MemoryMarshal.AsBytes(_recorded.AsSpan(at, Piece)), _floats);
        return _floats[^1];
    }

    [Benchmark]
    public short FromFloatLoop()
    {
        for (var at = 0; at < _mono.Length; at += Piece)
        {
            var samples = _mono.AsSpan(at, Piece);
            var output = _integers.AsSpan(0, samples.Length);
            for (var i = 0; i < samples.Length; i++)
                output[i] = (short)Math.Clamp(MathF.Round(samples[i] * FullScale), short.MinValue, short.MaxValue);
        }

        return _integers[^1];
    }

    [Benchmark]
    public short FromFloat()
    {
        for (var at = 0; at < _mono.Length; at += Piece)
            WavEncoder.Encode(WavSampleFormat.Pcm16, _mono.AsSpan(at, Piece), MemoryMarshal.AsBytes(_integers.AsSpan()));
        return _integers[^1];
    }

    [Benchmark]
    public float MixDownLoop()
    {
        for (var at = 0; at < _stereo.Length; at += 2 * Piece)
        {
            var samples = _stereo.AsSpan(at, 2 * Piece);
            var output = _floats.AsSpan(0, samples.Length / 2);
            for (var i = 0; i < output.Length; i++)
                output[i] = (samples[2 * i] + samples[2 * i + 1]) * 0.5f;
        }

        return _floats[^1];
    }

    [Benchmark]
    public float MixDown()
    {
        for (var at = 0; at < _stereo.Length; at += 2 * Piece)
            ChannelMixer.MixDown(_stereo.AsSpan(at, 2 * Piece), _floats);
        return _floats[^1];
    }

    [Benchmark(Baseline = true)]
    public float PeakLoop()
    {
        var highest = 0f;
        for (var at = 0; at < _mono.Length; at += Piece)
        {
            var peak = 0f;
            var energy = 0d;
            foreach (var sample in _mono.AsSpan(at, Piece))
            {
                peak = Math.Max(peak, Math.Abs(sample));
                energy += (double)sample * sample;
            }

            _energies[0] = energy;
            highest = Math.Max(highest, peak);
        }

        return highest;
    }

    [Benchmark]
    public float Peak()
    {
        var highest = 0f;
        for (var at = 0; at < _mono.Length; at += Piece)
        {
            SampleMeter.Measure(_mono.AsSpan(at, Piece), Piece, _peaks, _energies);
            highest = Math.Max(highest, _peaks[0]);
        }

        return highest;
    }
}
