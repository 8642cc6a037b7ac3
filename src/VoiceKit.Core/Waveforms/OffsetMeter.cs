using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VoiceKit.Waveforms;

/// <summary>The offset of audio, as cheap microphones have it: the mean of the samples of each channel.</summary>
/// <remarks>Takes samples by blocks of one size, so that the pieces in which they came make no difference.</remarks>
internal sealed class OffsetMeter(int channels)
{
    /// <summary>What is less is no offset that anybody sees: −50 dBFS.</summary>
    private const double Least = 0.003;

    private readonly double[] _sums = new double[channels];

    /// <summary>Adds whole blocks of <see cref="BinBank.BlockFrames"/> frames.</summary>
    public void Add(ReadOnlySpan<float> blocks)
    {
        var length = BinBank.BlockFrames * channels;
        for (; !blocks.IsEmpty; blocks = blocks[length..])
        {
            if (channels <= 2)
                AddVectors(blocks[..length]);
            else
                AddScalars(blocks[..length]);
        }
    }

    public void Clear() => Array.Clear(_sums);

    /// <summary>The mean square of the offset over the channels, and the greatest offset; 0 where there is none to speak of.</summary>
    /// <param name="frames">How many frames were added.</param>
    public (double Square, float Greatest) Measure(long frames)
    {
        double square = 0, greatest = 0;
        foreach (var sum in _sums)
        {
            var mean = frames == 0 ? 0 : sum / frames;
            square += mean * mean / channels;
            greatest = Math.Max(greatest, Math.Abs(mean));
        }

        return greatest < Least ? (0, 0) : (square, (float)greatest);
    }

    private void AddVectors(ReadOnlySpan<float> block)
    {
        var sum = Vector128<float>.Zero;
        foreach (var four in MemoryMarshal.Cast<float, Vector128<float>>(block))
            sum += four;
        if (channels == 1)
        {
            AddToChannel(0, Vector128.Sum(sum));
            return;
        }

        AddToChannel(0, sum[0] + sum[2]);
        AddToChannel(1, sum[1] + sum[3]);
    }

    private void AddScalars(ReadOnlySpan<float> block)
    {
        for (var channel = 0; channel < channels; channel++)
        {
            var sum = 0f;
            for (var i = channel; i < block.Length; i += channels)
                sum += block[i];
            AddToChannel(channel, sum);
        }
    }

    // No block of sound has a mean beyond full scale: samples that are no numbers do.
    private void AddToChannel(int channel, float sum)
    {
        if (Math.Abs(sum) <= BinBank.BlockFrames)
            _sums[channel] += sum;
    }
}
