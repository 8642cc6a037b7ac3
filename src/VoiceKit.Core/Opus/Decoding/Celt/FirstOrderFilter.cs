using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>The recursive filter y[n] = x[n] + a y[n - 1], four samples at once.</summary>
internal readonly struct FirstOrderFilter
{
    private readonly Vector128<float> _once;
    private readonly Vector128<float> _twice;
    private readonly Vector128<float> _powers;

    public FirstOrderFilter(float factor)
    {
        var square = factor * factor;
        _once = Vector128.Create(0, factor, factor, factor);
        _twice = Vector128.Create(0, 0, square, square);
        _powers = Vector128.Create(factor, square, square * factor, square * square);
    }

    /// <summary>Filters four samples.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="last">The last result before them, in each lane.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<float> Run(Vector128<float> samples, Vector128<float> last) => Begin(samples) + last * _powers;

    /// <summary>Filters four samples as if the results before them were zero.</summary>
    public Vector128<float> Begin(Vector128<float> samples)
    {
        // After each step a lane holds the sum over twice as many samples.
        var pairs = samples + Vector128.Shuffle(samples, Vector128.Create(0, 0, 1, 2)) * _once;
        return pairs + Vector128.Shuffle(pairs, Vector128.Create(0, 1, 0, 1)) * _twice;
    }

    /// <summary>Adds what the last result before them leaves in four samples.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<float> Continue(Vector128<float> begun, Vector128<float> last) => begun + last * _powers;
}
