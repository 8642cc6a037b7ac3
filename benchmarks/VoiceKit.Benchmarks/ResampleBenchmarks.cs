using BenchmarkDotNet.Attributes;
using VoiceKit.Audio;

namespace VoiceKit.Benchmarks;

/// <summary>
/// Ten seconds of mono from 44.1 to 48 kHz in pieces of 20 ms; a mean of 10 ms is 1000 × real time. The baseline runs the
/// same filter as a plain loop in double. Beside it: stereo, the way down, and a ratio whose phases are interpolated.
/// </summary>
[MemoryDiagnoser]
public class ResampleBenchmarks
{
    private const int Seconds = 10;

    private readonly Resampler _mono = new(44_100, 48_000, 1);
    private readonly Resampler _stereo = new(44_100, 48_000, 2);
    private readonly Resampler _down = new(48_000, 16_000, 1);
    private readonly Resampler _interpolated = new(44_056, 48_000, 1);
    private readonly float[] _input = new float[48_000 * Seconds * 2];
    private readonly float[] _output = new float[4_096];
    private readonly double[][] _rows = new double[160][];
    private readonly float[] _scalarOutput = new float[48_000 * Seconds];
    private int _taps;

    [GlobalSetup]
    public void Setup()
    {
        Random random = new(1);
        for (int i = 0; i < _input.Length; i++)
            _input[i] = random.NextSingle() - 0.5f;

        ResamplerFilter filter = ResamplerFilterCache.Get(160, 147);
        _taps = filter.Taps;
        for (int phase = 0; phase < _rows.Length; phase++)
        {
            _rows[phase] = new double[_taps];
            for (int i = 0; i < _taps; i++)
                _rows[phase][i] = filter.Row(phase)[i];
        }
    }

    [Benchmark(Baseline = true)]
    public float ScalarLoop_44100_48000()
    {
        int count = (int)((44_100L * Seconds - _taps) * 160 / 147);
        for (int n = 0; n < count; n++)
        {
            (long position, long phase) = Math.DivRem(n * 147L, 160);
            double[] row = _rows[phase];
            double sum = 0;
            for (int i = 0; i < row.Length; i++)
                sum += row[i] * _input[position + i];
            _scalarOutput[n] = (float)sum;
        }

        return _scalarOutput[count - 1];
    }

    [Benchmark]
    public long Mono_44100_48000() => Stream(_mono);

    [Benchmark]
    public long Stereo_44100_48000() => Stream(_stereo);

    [Benchmark]
    public long Mono_48000_16000() => Stream(_down);

    [Benchmark]
    public long Mono_44056_48000_Interpolated() => Stream(_interpolated);

    private long Stream(Resampler resampler)
    {
        int piece = resampler.InputRate / 50 * resampler.Channels;
        int end = resampler.InputRate * Seconds * resampler.Channels;
        long total = 0;
        resampler.Reset();
        for (int from = 0; from < end;)
        {
            ReadOnlySpan<float> input = _input.AsSpan(from, Math.Min(piece, end - from));
            resampler.Process(input, _output, out int consumed, out int produced);
            from += consumed;
            total += produced;
        }

        int flushed;
        while ((flushed = resampler.Flush(_output)) > 0)
            total += flushed;
        return total;
    }
}
