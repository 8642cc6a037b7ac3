using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using VoiceKit.Audio;

namespace VoiceKit.Waveforms;

/// <summary>All that a bin keeps of its samples, in one pass: peak, energy and, of each channel, what an offset shows in.</summary>
/// <remarks>
/// Peaks and energies are those of <see cref="SampleMeter"/>, to the bit. The vectors are 128 bits wide on every machine and the
/// lanes are added in one fixed order.
/// </remarks>
internal static class BinMeter
{
    /// <summary>The most channels that an offset is looked for in.</summary>
    public const int MaxChannels = 2;

    /// <summary>Measures consecutive runs of one length.</summary>
    /// <param name="samples">Interleaved samples of all runs.</param>
    /// <param name="frames">The frames in a run.</param>
    /// <param name="channels">1 to <see cref="MaxChannels"/>.</param>
    /// <param name="peaks">Where the greatest magnitude of each run goes.</param>
    /// <param name="energies">Where the sum of the squares of each run goes, all channels together.</param>
    /// <param name="ranges">Where the range of each channel of each run goes, the channels of a run side by side.</param>
    public static void Measure(
        ReadOnlySpan<float> samples,
        int frames,
        int channels,
        Span<float> peaks,
        Span<double> energies,
        Span<OffsetRange> ranges)
    {
        var run = frames * channels;
        peaks = peaks[..(samples.Length / run)];
        if (run % Vector128<float>.Count == 0)
            MeasureVectors(
                MemoryMarshal.Cast<float, Vector128<float>>(samples), run / Vector128<float>.Count, channels, peaks, energies, ranges);
        else
            MeasureScalars(samples, run, channels, peaks, energies, ranges);
    }

    private static void MeasureVectors(
        ReadOnlySpan<Vector128<float>> samples,
        int run,
        int channels,
        Span<float> peaks,
        Span<double> energies,
        Span<OffsetRange> ranges)
    {
        for (var i = 0; i < peaks.Length; i++)
        {
            var piece = samples.Slice(i * run, run);
            var (low, high, sum) = (Clean(piece[0]), Clean(piece[0]), Vector128<float>.Zero);
            var (lower, upper) = (Vector128<double>.Zero, Vector128<double>.Zero);
            foreach (var sample in piece)
            {
                var clean = Clean(sample);
                low = Vector128.MinNative(low, clean);
                high = Vector128.MaxNative(high, clean);
                sum += clean;
                var (first, second) = Vector128.Widen(clean);
                lower += first * first;
                upper += second * second;
            }

            energies[i] = Vector128.Sum(lower + upper);
            peaks[i] = channels == 1
                ? Keep(low, high, sum, out ranges[i])
                : Keep(low, high, sum, out ranges[2 * i], out ranges[2 * i + 1]);
        }
    }

    // Joins the lanes of one channel, and gives the peak.
    private static float Keep(Vector128<float> low, Vector128<float> high, Vector128<float> sum, out OffsetRange range)
    {
        low = Vector128.MinNative(low, Vector128.Shuffle(low, Vector128.Create(2, 3, 0, 1)));
        high = Vector128.MaxNative(high, Vector128.Shuffle(high, Vector128.Create(2, 3, 0, 1)));
        range = new OffsetRange
        {
            Low = float.MinNative(low[0], low[1]),
            High = float.MaxNative(high[0], high[1]),
            Sum = sum[0] + sum[1] + sum[2] + sum[3],
        };
        return range.Peak;
    }

    // The even lanes are the left channel.
    private static float Keep(
        Vector128<float> low, Vector128<float> high, Vector128<float> sum, out OffsetRange left, out OffsetRange right)
    {
        low = Vector128.MinNative(low, Vector128.Shuffle(low, Vector128.Create(2, 3, 0, 1)));
        high = Vector128.MaxNative(high, Vector128.Shuffle(high, Vector128.Create(2, 3, 0, 1)));
        left = new OffsetRange { Low = low[0], High = high[0], Sum = sum[0] + sum[2] };
        right = new OffsetRange { Low = low[1], High = high[1], Sum = sum[1] + sum[3] };
        return float.MaxNative(left.Peak, right.Peak);
    }

    private static void MeasureScalars(
        ReadOnlySpan<float> samples, int run, int channels, Span<float> peaks, Span<double> energies, Span<OffsetRange> ranges)
    {
        for (var i = 0; i < peaks.Length; i++)
        {
            var (peak, energy) = (0f, 0d);
            for (var at = 0; at < run; at += channels)
            {
                for (var channel = 0; channel < channels; channel++)
                {
                    var clean = SampleCleaner.Clean(samples[i * run + at + channel]);
                    peak = float.MaxNative(peak, MathF.Abs(clean));
                    energy += (double)clean * clean;
                    ref var range = ref ranges[i * channels + channel];
                    var one = new OffsetRange { Low = clean, High = clean, Sum = clean };
                    if (at == 0)
                        range = one;
                    else
                        range.Add(one);
                }
            }

            peaks[i] = peak;
            energies[i] = energy;
        }
    }

    // No comparison with NaN is true. Nothing is NaN after this, and nobody asks which zero is the lower: so the processor's own
    // minimum and maximum give the same everywhere.
    private static Vector128<float> Clean(Vector128<float> samples)
    {
        var numbers = samples & Vector128.Equals(samples, samples);
        return Vector128.MinNative(
            Vector128.MaxNative(numbers, Vector128.Create(-SampleMeter.MaxMagnitude)), Vector128.Create(SampleMeter.MaxMagnitude));
    }
}
