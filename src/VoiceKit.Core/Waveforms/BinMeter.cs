using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using VoiceKit.Audio;

namespace VoiceKit.Waveforms;

/// <summary>All that a bin keeps of its samples, in one pass: the energy and, of each channel, what an offset shows in.</summary>
/// <remarks>
/// The energies are those of <see cref="SampleMeter"/>, to the bit. The vectors are 128 bits wide on every machine and the
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
    /// <param name="energies">Where the sum of the squares of each run goes, all channels together.</param>
    /// <param name="ranges">Where the range of each channel of each run goes, the channels of a run side by side.</param>
    public static void Measure(
        ReadOnlySpan<float> samples, int frames, int channels, Span<double> energies, Span<OffsetRange> ranges)
    {
        var run = frames * channels;
        energies = energies[..(samples.Length / run)];
        if (run % Vector128<float>.Count != 0)
        {
            MeasureScalars(samples, run, channels, energies, ranges);
            return;
        }

        var vectors = MemoryMarshal.Cast<float, Vector128<float>>(samples);
        MeasureVectors(vectors, run / Vector128<float>.Count, channels, energies, ranges);
    }

    private static void MeasureVectors(
        ReadOnlySpan<Vector128<float>> samples, int run, int channels, Span<double> energies, Span<OffsetRange> ranges)
    {
        for (var i = 0; i < energies.Length; i++)
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
            if (channels == 1)
                ranges[i] = JoinAll(low, high, sum);
            else
                (ranges[2 * i], ranges[2 * i + 1]) = JoinEachOther(low, high, sum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static OffsetRange JoinAll(Vector128<float> low, Vector128<float> high, Vector128<float> sum)
    {
        var (left, right) = JoinEachOther(low, high, Vector128<float>.Zero);
        left.Add(right);
        left.Sum = sum[0] + sum[1] + sum[2] + sum[3];
        return left;
    }

    // Of two channels, the even lanes are the left one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (OffsetRange Left, OffsetRange Right) JoinEachOther(
        Vector128<float> low, Vector128<float> high, Vector128<float> sum)
    {
        low = Vector128.MinNative(low, Vector128.Shuffle(low, Vector128.Create(2, 3, 0, 1)));
        high = Vector128.MaxNative(high, Vector128.Shuffle(high, Vector128.Create(2, 3, 0, 1)));
        return (
            new OffsetRange { Low = low[0], High = high[0], Sum = sum[0] + sum[2] },
            new OffsetRange { Low = low[1], High = high[1], Sum = sum[1] + sum[3] });
    }

    private static void MeasureScalars(
        ReadOnlySpan<float> samples, int run, int channels, Span<double> energies, Span<OffsetRange> ranges)
    {
        for (var i = 0; i < energies.Length; i++)
        {
            var energy = 0d;
            for (var at = 0; at < run; at += channels)
            {
                for (var channel = 0; channel < channels; channel++)
                {
                    var clean = SampleCleaner.Clean(samples[i * run + at + channel]);
                    energy += (double)clean * clean;
                    ref var range = ref ranges[i * channels + channel];
                    var one = new OffsetRange { Low = clean, High = clean, Sum = clean };
                    if (at == 0)
                        range = one;
                    else
                        range.Add(one);
                }
            }

            energies[i] = energy;
        }
    }

    // No comparison with NaN is true. Nothing is NaN after this, and nobody asks which zero is the lower: so the processor's own
    // minimum and maximum give the same everywhere.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Clean(Vector128<float> samples)
    {
        var numbers = samples & Vector128.Equals(samples, samples);
        var most = Vector128.Create(SampleMeter.MaxMagnitude);
        return Vector128.MinNative(Vector128.MaxNative(numbers, -most), most);
    }
}
