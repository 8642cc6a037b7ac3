using System.Runtime.Intrinsics;
using VoiceKit.Opus.Decoding.Range;

namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>A band of two channels as mid and side or as intensity stereo (RFC 6716 §4.3.4.4).</summary>
internal sealed partial class BandDecoder
{
    /// <summary>Below this energy one channel is taken for both.</summary>
    private const float LeastEnergy = 6e-4f;

    private int DecodeStereo(ref RangeDecoder range, int place, int size, int bits, int lowband, int output, int fill)
    {
        var second = _frame.Length + place;
        if (size == 1)
            return DecodeSigns(ref range, place, second, output);

        var angle = DecodeStereoAngle(ref range, size, bits);
        bits -= angle.Cost;
        _bitsLeft -= angle.Cost;
        var mid = angle.First / 32768f;
        var side = angle.Second / 32768f;
        int mask;
        if (size == 2)
        {
            mask = DecodePair(ref range, place, second, bits, angle.Angle, lowband, output, fill);
            MergePair(place, second, mid, side);
        }
        else
        {
            mask = DecodeMidAndSide(ref range, place, size, bits, angle, side, lowband, output, fill);
            Merge(_spectrum.AsSpan(place, size), _spectrum.AsSpan(second, size), mid);
        }

        if (angle.IsInverted)
            VectorMath.Scale(_spectrum.AsSpan(second, size), -1);
        return mask;
    }

    private SplitAngle DecodeStereoAngle(ref RangeDecoder range, int size, int bits)
    {
        var widthLog = CeltBands.WidthLogs[_band] + (_frame.SizeLog << FractionBits);
        var steps = _band < _frame.IntensityBand ? SplitAngle.StereoSteps(size, bits, widthLog) : 1;
        if (steps > 1)
            return SplitAngle.DecodeStereo(ref range, size, steps);
        if (bits <= 2 << FractionBits || _bitsLeft <= 2 << FractionBits)
            return default;
        var inversion = SplitAngle.DecodeInversion(ref range);
        return _isInversionDisabled ? inversion with { IsInverted = false } : inversion;
    }

    /// <summary>Two bins: the side is at a right angle to the mid, so a sign is all it needs.</summary>
    private int DecodePair(
        ref RangeDecoder range, int left, int right, int bits, int angle, int lowband, int output, int fill)
    {
        var sideBits = angle is 0 or SplitAngle.Right ? 0 : 1 << FractionBits;
        _bitsLeft -= sideBits;
        var (major, minor) = angle > SplitAngle.Right / 2 ? (right, left) : (left, right);
        var sign = sideBits > 0 && range.DecodeRaw(1) != 0 ? -1 : 1;
        var mask = DecodeChannel(ref range, major, 2, bits - sideBits, lowband, output, 1, fill);
        _spectrum[minor] = -sign * _spectrum[major + 1];
        _spectrum[minor + 1] = sign * _spectrum[major];
        return mask;
    }

    private void MergePair(int left, int right, float mid, float side)
    {
        for (var i = 0; i < 2; i++)
        {
            var m = mid * _spectrum[left + i];
            var s = side * _spectrum[right + i];
            _spectrum[left + i] = m - s;
            _spectrum[right + i] = m + s;
        }
    }

    /// <summary>
    /// The mid keeps unit length until it is merged, as it is what later bands are folded from. The side is never folded.
    /// </summary>
    private int DecodeMidAndSide(
        ref RangeDecoder range, int place, int size, int bits, SplitAngle angle, float side, int lowband, int output, int fill)
    {
        var second = _frame.Length + place;
        var midBits = Math.Max(0, Math.Min(bits, (bits - angle.Delta(size)) / 2));
        var sideBits = bits - midBits;
        var blocks = _frame.Blocks;
        var blockMask = (1 << blocks) - 1;
        var midFill = angle.Angle == SplitAngle.Right ? 0 : fill & blockMask;
        var before = _bitsLeft;
        if (midBits >= sideBits)
        {
            var midMask = DecodeChannel(ref range, place, size, midBits, lowband, output, 1, midFill);
            sideBits += Rebalance(midBits - (before - _bitsLeft), angle.Angle != 0);
            return midMask | DecodeChannel(ref range, second, size, sideBits, Nowhere, Nowhere, side, 0);
        }

        var sideMask = DecodeChannel(ref range, second, size, sideBits, Nowhere, Nowhere, side, 0);
        midBits += Rebalance(sideBits - (before - _bitsLeft), angle.Angle != SplitAngle.Right);
        return sideMask | DecodeChannel(ref range, place, size, midBits, lowband, output, 1, midFill);
    }

    /// <summary>Makes left and right of unit length from mid and side.</summary>
    private static void Merge(Span<float> left, Span<float> right, float mid)
    {
        var cross = mid * VectorMath.Dot(right, left);
        var both = mid * mid + VectorMath.Dot(right, right);
        var leftEnergy = both - 2 * cross;
        var rightEnergy = both + 2 * cross;
        if (leftEnergy < LeastEnergy || rightEnergy < LeastEnergy)
        {
            left.CopyTo(right);
            return;
        }

        var leftGain = 1 / MathF.Sqrt(leftEnergy);
        var rightGain = 1 / MathF.Sqrt(rightEnergy);
        while (left.Length >= 8 && right.Length >= 8)
        {
            var m = Vector256.Create<float>(left) * mid;
            var s = Vector256.Create<float>(right);
            ((m - s) * leftGain).StoreTo(left);
            ((m + s) * rightGain).StoreTo(right);
            left = left[8..];
            right = right[8..];
        }

        for (var i = 0; i < left.Length && i < right.Length; i++)
        {
            var m = mid * left[i];
            var s = right[i];
            left[i] = leftGain * (m - s);
            right[i] = rightGain * (m + s);
        }
    }
}
