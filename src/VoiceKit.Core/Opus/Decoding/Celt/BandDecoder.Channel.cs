using System.Runtime.Intrinsics;
using VoiceKit.Opus.Decoding.Range;

namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>
/// A band of one channel: its time-frequency resolution (RFC 6716 §4.3.4.5), splits (§4.3.4.4) and pulses (§4.3.4.1).
/// </summary>
internal sealed partial class BandDecoder
{
    private const int LastSplit = -1;

    /// <summary>Decodes a band of one channel, or the mid or side of two.</summary>
    /// <param name="range">The range decoder.</param>
    /// <param name="place">Where it is in the spectrum.</param>
    /// <param name="size">Its bins.</param>
    /// <param name="bits">Its eighths of a bit.</param>
    /// <param name="lowband">What it is folded from, or <see cref="Nowhere"/>.</param>
    /// <param name="output">Where in the folding memory it goes, or <see cref="Nowhere"/>.</param>
    /// <param name="gain">Its length.</param>
    /// <param name="fill">The short MDCTs that are not empty in what it is folded from.</param>
    /// <returns>The short MDCTs that are not empty now.</returns>
    private int DecodeChannel(
        ref RangeDecoder range, int place, int size, int bits, int lowband, int output, float gain, int fill)
    {
        if (size == 1)
            return DecodeSigns(ref range, place, Nowhere, output);

        var blocks = _frame.Blocks;
        var change = _frame.ResolutionChanges[_band];
        if (blocks == 1 && change == 0)
        {
            var plainMask = DecodePart(ref range, place, size, bits, 1, lowband, _frame.SizeLog, gain, fill);
            KeepForFolding(place, size, output);
            return plainMask & 1;
        }

        if (lowband != Nowhere)
        {
            _folding.AsSpan(lowband, size).CopyTo(_folding.AsSpan(Scratch));
            lowband = Scratch;
        }

        var shape = new BandShape(size, blocks, change);
        if (lowband != Nowhere)
            shape.Arrange(_folding.AsSpan(lowband, size), _rearranged);
        fill = shape.ArrangeMask(fill);
        var mask = DecodePart(ref range, place, size, bits, shape.Blocks, lowband, _frame.SizeLog, gain, fill);
        shape.Restore(_spectrum.AsSpan(place, size), _rearranged);
        KeepForFolding(place, size, output);
        return shape.RestoreMask(mask);
    }

    /// <summary>A band of a single bin has a sign only, in each channel.</summary>
    private int DecodeSigns(ref RangeDecoder range, int first, int second, int output)
    {
        _spectrum[first] = DecodeSign(ref range);
        if (second != Nowhere)
            _spectrum[second] = DecodeSign(ref range);
        if (output != Nowhere)
            _folding[output] = _spectrum[first];
        return 1;
    }

    private float DecodeSign(ref RangeDecoder range)
    {
        if (_bitsLeft < 1 << FractionBits)
            return 1;
        _bitsLeft -= 1 << FractionBits;
        return range.DecodeRaw(1) != 0 ? -1 : 1;
    }

    private void KeepForFolding(int place, int size, int output)
    {
        if (output != Nowhere)
            VectorMath.Scale(_spectrum.AsSpan(place, size), MathF.Sqrt(size), _folding.AsSpan(output, size));
    }

    /// <summary>Decodes a vector, in halves if it has more bits than one codebook takes.</summary>
    private int DecodePart(
        ref RangeDecoder range, int place, int size, int bits, int blocks, int lowband, int sizeLog, float gain, int fill)
    {
        var costs = PulseCache.Costs(_band, sizeLog);
        if (sizeLog != LastSplit && size > 2 && bits > PulseCache.MaxCost(costs) + 12)
            return DecodeHalves(ref range, place, size / 2, bits, blocks, lowband, sizeLog - 1, gain, fill);

        var pulses = TakePulses(costs, PulseCache.EntryFor(_band, sizeLog, bits));
        var vector = _spectrum.AsSpan(place, size);
        return pulses == 0
            ? Fill(vector, blocks, lowband, gain, fill)
            : DecodePulses(ref range, vector, pulses, blocks, gain);
    }

    private int DecodeHalves(
        ref RangeDecoder range, int place, int size, int bits, int wholeBlocks, int lowband, int sizeLog, float gain, int fill)
    {
        if (wholeBlocks == 1)
            fill = fill & 1 | fill << 1;
        var blocks = (wholeBlocks + 1) >> 1;
        var widthLog = CeltBands.WidthLogs[_band] + (sizeLog << FractionBits);
        var angle = SplitAngle.DecodeHalves(ref range, size, bits, widthLog, wholeBlocks > 1);
        bits -= angle.Cost;
        _bitsLeft -= angle.Cost;

        var firstBits = Math.Max(0, Math.Min(bits, (bits - HalvesDelta(angle, size, wholeBlocks, sizeLog)) / 2));
        var secondBits = bits - firstBits;
        var firstGain = gain * (angle.First / 32768f);
        var secondGain = gain * (angle.Second / 32768f);
        var secondLowband = lowband == Nowhere ? Nowhere : lowband + size;
        var blockMask = (1 << blocks) - 1;
        var firstFill = angle.Angle == SplitAngle.Right ? fill & blockMask << blocks : fill;
        var secondFill = (angle.Angle == 0 ? fill & blockMask : fill) >> blocks;
        int firstMask, secondMask;
        if (firstBits >= secondBits)
        {
            var before = _bitsLeft;
            firstMask = DecodePart(ref range, place, size, firstBits, blocks, lowband, sizeLog, firstGain, firstFill);
            secondBits += Rebalance(firstBits - (before - _bitsLeft), angle.Angle != 0);
            secondMask = DecodePart(
                ref range, place + size, size, secondBits, blocks, secondLowband, sizeLog, secondGain, secondFill);
        }
        else
        {
            var before = _bitsLeft;
            secondMask = DecodePart(
                ref range, place + size, size, secondBits, blocks, secondLowband, sizeLog, secondGain, secondFill);
            firstBits += Rebalance(secondBits - (before - _bitsLeft), angle.Angle != SplitAngle.Right);
            firstMask = DecodePart(ref range, place, size, firstBits, blocks, lowband, sizeLog, firstGain, firstFill);
        }

        return firstMask | secondMask << (wholeBlocks >> 1);
    }

    private static int HalvesDelta(SplitAngle angle, int size, int wholeBlocks, int sizeLog)
    {
        var delta = angle.Delta(size);
        if (wholeBlocks == 1 || angle.Angle is 0 or SplitAngle.Right)
            return delta;

        // The earlier half masks the later one more than the other way round.
        return angle.Angle > SplitAngle.Right / 2
            ? delta - (delta >> (4 - sizeLog))
            : Math.Min(0, delta + (size << FractionBits >> (5 - sizeLog)));
    }

    /// <summary>What one half passes on to the other of the bits that it did not use: all but three.</summary>
    private static int Rebalance(int unused, bool isOtherThere) =>
        unused > 3 << FractionBits && isOtherThere ? unused - (3 << FractionBits) : 0;

    /// <summary>Takes the bits for as many pulses as fit best and never more than are left.</summary>
    private int TakePulses(ReadOnlySpan<byte> costs, int entry)
    {
        while (entry > 0 && PulseCache.CostOf(costs, entry) > _bitsLeft)
            entry--;
        _bitsLeft -= PulseCache.CostOf(costs, entry);
        return PulseCache.PulsesOf(entry);
    }

    private int DecodePulses(ref RangeDecoder range, Span<float> vector, int pulses, int blocks, float gain)
    {
        var energy = PulseVector.Decode(ref range, vector, pulses);
        var mask = blocks > 1 ? CollapseMask(vector, blocks) : 1;
        VectorMath.Scale(vector, 1 / MathF.Sqrt(energy) * gain);
        Spreading.Apply(vector, blocks, pulses, _frame.Spread);
        return mask;
    }

    private static int CollapseMask(ReadOnlySpan<float> vector, int blocks)
    {
        var mask = 0;
        var size = vector.Length / blocks;
        for (var block = 0; block < blocks; block++)
            mask |= IsEmpty(vector.Slice(block * size, size)) ? 0 : 1 << block;
        return mask;
    }

    private static bool IsEmpty(ReadOnlySpan<float> vector)
    {
        while (vector.Length >= 4)
        {
            if (Vector128.Create(vector) != Vector128<float>.Zero)
                return false;
            vector = vector[4..];
        }

        var all = 0;
        foreach (var value in vector)
            all |= BitConverter.SingleToInt32Bits(value);
        return all == 0;
    }

    /// <summary>A vector without pulses: folded from a lower band, or noise.</summary>
    private int Fill(Span<float> vector, int blocks, int lowband, float gain, int fill)
    {
        var all = (1 << blocks) - 1;
        fill &= all;
        if (fill == 0)
        {
            vector.Clear();
            return 0;
        }

        if (lowband == Nowhere)
        {
            Noise.Fill(vector, ref _seed);
            fill = all;
        }
        else
        {
            Noise.Fold(_folding.AsSpan(lowband, vector.Length), vector, ref _seed);
        }

        VectorMath.Normalize(vector, gain);
        return fill;
    }
}
