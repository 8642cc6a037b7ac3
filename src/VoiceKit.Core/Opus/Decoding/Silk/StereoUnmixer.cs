using VoiceKit.Opus.Decoding.Range;

namespace VoiceKit.Opus.Decoding.Silk;

/// <summary>
/// Makes left and right of mid and side, of which the side is predicted from the mid (RFC 6716 §4.2.7.1 and §4.2.8).
/// </summary>
internal sealed class StereoUnmixer
{
    /// <summary>How many samples of the frame before stand in front of a frame.</summary>
    public const int Ahead = 2;

    private const int InterpolationMilliseconds = 8;
    private const int SubStep = 6554; // 0.1 in Q16

    private readonly int[] _mid = new int[Ahead];
    private readonly int[] _side = new int[Ahead];
    private int _weight0; // Q13
    private int _weight1; // Q13

    /// <summary>The weights of the frame before, in Q13.</summary>
    public (int First, int Second) LastWeights => (_weight0, _weight1);

    /// <summary>Reads the two prediction weights of a frame in Q13 (§4.2.7.1).</summary>
    public static (int First, int Second) ReadWeights(ref RangeDecoder range)
    {
        var joint = range.DecodeSymbol(SilkHeaderTables.StereoWeightsJoint);
        var first = ReadWeight(ref range, joint / 5);
        var second = ReadWeight(ref range, joint % 5);
        return (first - second, second);
    }

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        Array.Clear(_mid);
        ResetSide();
    }

    /// <summary>Forgets the side channel, as when a stream becomes stereo.</summary>
    public void ResetSide()
    {
        Array.Clear(_side);
        _weight0 = _weight1 = 0;
    }

    /// <summary>Puts the end of the frame before in front of a mono frame and keeps the end of this one.</summary>
    /// <param name="mid">Two samples to fill in, then the frame.</param>
    public void Delay(Span<int> mid) => Exchange(mid, _mid);

    /// <summary>Unmixes a frame in place. It is late by one sample.</summary>
    /// <param name="mid">Two samples to fill in, then the mid signal; the left signal is in its place, a sample later.</param>
    /// <param name="side">The same of the side and the right signal.</param>
    /// <param name="weights">The weights of the frame in Q13.</param>
    /// <param name="kilohertz">The internal rate.</param>
    public void Unmix(Span<int> mid, Span<int> side, (int First, int Second) weights, int kilohertz)
    {
        Exchange(mid, _mid);
        Exchange(side, _side);
        var length = mid.Length - Ahead;
        var interpolated = Math.Min(InterpolationMilliseconds * kilohertz, length);
        var inverse = (1 << 16) / (InterpolationMilliseconds * kilohertz);
        var step0 = FixedPoint.RoundShift((short)(weights.First - _weight0) * inverse, 16);
        var step1 = FixedPoint.RoundShift((short)(weights.Second - _weight1) * inverse, 16);
        for (var i = 0; i < length; i++)
        {
            if (i < interpolated)
            {
                _weight0 += step0;
                _weight1 += step1;
            }
            else
            {
                (_weight0, _weight1) = weights;
            }

            UnmixSample(mid, side, i, _weight0, _weight1);
        }

        (_weight0, _weight1) = weights;
        Split(mid.Slice(1, length), side.Slice(1, length));
    }

    private static void UnmixSample(Span<int> mid, Span<int> side, int i, int weight0, int weight1)
    {
        // The first weight is for the low frequencies of the mid, the second for all of it.
        var low = mid[i] + mid[i + 2] + (mid[i + 1] << 1) << 9;
        var sum = side[i + 1] << 8;
        sum += FixedPoint.MultiplyQ16(low, (short)weight0);
        sum += FixedPoint.MultiplyQ16(mid[i + 1] << 11, (short)weight1);
        side[i + 1] = FixedPoint.Saturate16(FixedPoint.RoundShift(sum, 8));
    }

    /// <summary>Makes left and right of mid and the whole side.</summary>
    private static void Split(Span<int> mid, Span<int> side)
    {
        for (var i = 0; i < mid.Length; i++)
        {
            var left = FixedPoint.Saturate16(mid[i] + side[i]);
            side[i] = FixedPoint.Saturate16(mid[i] - side[i]);
            mid[i] = left;
        }
    }

    private static int ReadWeight(ref RangeDecoder range, int third)
    {
        var index = range.DecodeSymbol(SilkHeaderTables.StereoWeightsStage2) + 3 * third;
        var part = range.DecodeSymbol(SilkHeaderTables.StereoWeightsStage3);
        int low = SilkHeaderTables.StereoWeights[index];
        var step = FixedPoint.MultiplyQ16(SilkHeaderTables.StereoWeights[index + 1] - low, SubStep);
        return low + step * (2 * part + 1);
    }

    private static void Exchange(Span<int> samples, Span<int> kept)
    {
        kept.CopyTo(samples);
        samples[^Ahead..].CopyTo(kept);
    }
}
