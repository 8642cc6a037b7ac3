using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using VoiceKit.Audio;

namespace VoiceKit.Waveforms;

/// <summary>Beside the bins of a <see cref="BinBank"/>: how far the samples of each channel stand off the middle.</summary>
/// <remarks>Samples are cleaned as <see cref="SampleMeter"/> does it, and added in one fixed order.</remarks>
internal sealed class OffsetBins(int channels)
{
    /// <summary>The most channels that an offset is looked for in.</summary>
    public const int MaxChannels = 2;

    private readonly OffsetRange[] _ranges = new OffsetRange[BinBank.Capacity * channels];

    /// <summary>The ranges of so many bins, the channels of each side by side.</summary>
    public ReadOnlySpan<OffsetRange> Take(int bins) => _ranges.AsSpan(0, bins * channels);

    /// <summary>Adds whole blocks.</summary>
    /// <param name="blocks">Interleaved samples.</param>
    /// <param name="position">How many frames came before.</param>
    /// <param name="level">A bin has 2^level frames.</param>
    public void Add(ReadOnlySpan<float> blocks, long position, int level)
    {
        var run = (int)Math.Min(1L << level, BinBank.BlockFrames);
        var length = run * channels;
        Span<OffsetRange> found = stackalloc OffsetRange[MaxChannels];
        for (; !blocks.IsEmpty; blocks = blocks[length..], position += run)
        {
            Measure(blocks[..length], channels, found);
            var begun = (position & ((1L << level) - 1)) != 0;
            for (var channel = 0; channel < channels; channel++)
            {
                ref var range = ref _ranges[(position >> level) * channels + channel];
                if (begun)
                    range.Add(found[channel]);
                else
                    range = found[channel];
            }
        }
    }

    /// <summary>Merges the bins by pairs.</summary>
    public void MergePairs()
    {
        for (var i = 0; i < BinBank.Capacity / 2; i++)
        {
            for (var channel = 0; channel < channels; channel++)
            {
                var merged = _ranges[2 * i * channels + channel];
                merged.Add(_ranges[(2 * i + 1) * channels + channel]);
                _ranges[i * channels + channel] = merged;
            }
        }
    }

    private static void Measure(ReadOnlySpan<float> samples, int channels, Span<OffsetRange> found)
    {
        if (samples.Length % Vector128<float>.Count == 0)
            MeasureVectors(MemoryMarshal.Cast<float, Vector128<float>>(samples), channels, found);
        else
            MeasureScalars(samples, channels, found);
    }

    private static void MeasureVectors(ReadOnlySpan<Vector128<float>> samples, int channels, Span<OffsetRange> found)
    {
        var (low, high, sum) = (Clean(samples[0]), Clean(samples[0]), Vector128<float>.Zero);
        foreach (var sample in samples)
        {
            var clean = Clean(sample);
            low = Vector128.Min(low, clean);
            high = Vector128.Max(high, clean);
            sum += clean;
        }

        // With two channels, the even lanes are the left one.
        for (var lane = 0; lane < Vector128<float>.Count; lane++)
        {
            ref var range = ref found[lane % channels];
            var one = new OffsetRange { Low = low[lane], High = high[lane], Sum = sum[lane] };
            if (lane < channels)
                range = one;
            else
                range.Add(one);
        }
    }

    private static void MeasureScalars(ReadOnlySpan<float> samples, int channels, Span<OffsetRange> found)
    {
        for (var i = 0; i < samples.Length; i++)
        {
            var clean = SampleCleaner.Clean(samples[i]);
            var one = new OffsetRange { Low = clean, High = clean, Sum = clean };
            if (i < channels)
                found[i] = one;
            else
                found[i % channels].Add(one);
        }
    }

    private static Vector128<float> Clean(Vector128<float> samples)
    {
        var numbers = Vector128.ConditionalSelect(Vector128.Equals(samples, samples), samples, Vector128<float>.Zero);
        return Vector128.Min(
            Vector128.Max(numbers, Vector128.Create(-SampleMeter.MaxMagnitude)), Vector128.Create(SampleMeter.MaxMagnitude));
    }
}
