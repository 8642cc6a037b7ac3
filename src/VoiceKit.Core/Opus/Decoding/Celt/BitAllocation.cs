using System.Runtime.CompilerServices;
using VoiceKit.Opus.Decoding.Range;

namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>
/// Bit allocation (RFC 6716 §4.3.3): how many bits each band has for its shape and for its fine energy. Mostly implied by the
/// size of the frame; the encoder adjusts it by boosts, a trim, and by skipping bands.
/// </summary>
internal sealed class BitAllocation
{
    private const int FractionBits = RangeDecoder.FractionBits;
    private const int OneBit = 1 << FractionBits;
    private const int Qualities = 11;

    /// <summary>Steps between two columns of table 57, as a logarithm.</summary>
    private const int StepsLog = 6;

    /// <summary>The bins of each band, of all channels.</summary>
    private readonly int[] _bins = new int[CeltBands.Count];

    private readonly int[] _thresholds = new int[CeltBands.Count];
    private readonly int[] _trimOffsets = new int[CeltBands.Count];
    private readonly int[] _lowBits = new int[CeltBands.Count];
    private readonly int[] _extraBits = new int[CeltBands.Count];

    private int _skipReserve;
    private int _intensityReserve;
    private int _dualStereoReserve;
    private int _lastBoosted;

    /// <summary>Sets the bits of all bands; reads which bands are skipped and how stereo is coded.</summary>
    /// <param name="range">The range decoder.</param>
    /// <param name="frame">The frame, with caps and boosts; receives the allocation.</param>
    /// <param name="trim">The allocation trim, 0…10; 5 is none.</param>
    /// <param name="total">The eighths of a bit that are left in the frame.</param>
    public void Decode(ref RangeDecoder range, CeltFrame frame, int trim, int total)
    {
        total = Reserve(frame, Math.Max(total, 0));
        SetThresholds(frame, trim);
        FindQuality(frame, total);
        var used = Interpolate(frame, total);
        SkipBands(ref range, frame, ref total, ref used);
        DecodeStereo(ref range, frame, ref total);
        Distribute(frame, total - used);
        FineAllocation.Split(frame);
    }

    /// <summary>Sets bits aside for the flags that end the allocation.</summary>
    private int Reserve(CeltFrame frame, int total)
    {
        _skipReserve = total >= OneBit ? OneBit : 0;
        total -= _skipReserve;
        _intensityReserve = 0;
        _dualStereoReserve = 0;
        if (frame.Channels == 1)
            return total;

        var forIntensity = CountLogs[frame.EndBand - frame.StartBand];
        if (forIntensity > total)
            return total;
        _intensityReserve = forIntensity;
        total -= forIntensity;
        _dualStereoReserve = total >= OneBit ? OneBit : 0;
        return total - _dualStereoReserve;
    }

    private void SetThresholds(CeltFrame frame, int trim)
    {
        var channels = frame.Channels;
        for (var band = frame.StartBand; band < frame.EndBand; band++)
        {
            var width = CeltBands.Width(band);

            _bins[band] = channels * width << frame.SizeLog;

            // With less than this a band gets no bits for its shape.
            _thresholds[band] = Math.Max(channels << FractionBits, (3 * width << frame.SizeLog << FractionBits) >> 4);
            _trimOffsets[band] = channels * width * (trim - 5 - frame.SizeLog) * (frame.EndBand - band - 1)
                * (1 << (frame.SizeLog + FractionBits)) >> 6;

            // A band of a single bin gains more from its energy.
            if (width << frame.SizeLog == 1)
                _trimOffsets[band] -= channels << FractionBits;
        }
    }

    /// <summary>Finds the two columns of table 57 between which the frame's bits are.</summary>
    private void FindQuality(CeltFrame frame, int total)
    {
        var low = 1;
        var high = Qualities - 1;
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            if (SumOfQuality(frame, middle) > total)
                high = middle - 1;
            else
                low = middle + 1;
        }

        SetBounds(frame, low - 1, low);
    }

    private int SumOfQuality(CeltFrame frame, int quality)
    {
        var sum = 0;
        var isCoded = false;
        for (var band = frame.EndBand - 1; band >= frame.StartBand; band--)
            sum += Usable(frame, band, TrimmedBits(band, quality) + frame.Boosts[band], ref isCoded);
        return sum;
    }

    /// <summary>What a band can make of its bits; below its threshold it is not coded, unless a band above it is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Usable(CeltFrame frame, int band, int bits, ref bool isCoded)
    {
        isCoded |= bits >= _thresholds[band];
        if (isCoded)
            return Math.Min(bits, frame.Caps[band]);
        var fineOnly = frame.Channels << FractionBits;
        return bits >= fineOnly ? fineOnly : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int TrimmedBits(int band, int quality)
    {
        var bits = _bins[band] * Table57[quality * CeltBands.Count + band] >> 2;
        return bits > 0 ? Math.Max(0, bits + _trimOffsets[band]) : 0;
    }

    private void SetBounds(CeltFrame frame, int lowQuality, int highQuality)
    {
        _lastBoosted = frame.StartBand;
        for (var band = frame.StartBand; band < frame.EndBand; band++)
        {
            var boost = frame.Boosts[band];
            var low = TrimmedBits(band, lowQuality);
            var high = highQuality < Qualities ? TrimmedBits(band, highQuality) : TrimmedCap(frame, band);
            if (lowQuality > 0)
                low += boost;
            if (boost > 0)
                _lastBoosted = band;
            _lowBits[band] = low;
            _extraBits[band] = Math.Max(0, high + boost - low);
        }
    }

    private int TrimmedCap(CeltFrame frame, int band)
    {
        var cap = frame.Caps[band];
        return cap > 0 ? Math.Max(0, cap + _trimOffsets[band]) : 0;
    }

    /// <summary>Takes the highest step between the two columns that fits.</summary>
    /// <returns>The eighths of a bit that are given to bands.</returns>
    private int Interpolate(CeltFrame frame, int total)
    {
        var low = 0;
        var high = 1 << StepsLog;
        for (var i = 0; i < StepsLog; i++)
        {
            var middle = (low + high) >> 1;
            if (SumOfStep(frame, middle) > total)
                high = middle;
            else
                low = middle;
        }

        var sum = 0;
        var isCoded = false;
        for (var band = frame.EndBand - 1; band >= frame.StartBand; band--)
        {
            // What is below the threshold is capped here too.
            var bits = Usable(frame, band, _lowBits[band] + (low * _extraBits[band] >> StepsLog), ref isCoded);
            bits = Math.Min(bits, frame.Caps[band]);
            frame.ShapeBits[band] = bits;
            sum += bits;
        }

        return sum;
    }

    private int SumOfStep(CeltFrame frame, int step)
    {
        var sum = 0;
        var isCoded = false;
        for (var band = frame.EndBand - 1; band >= frame.StartBand; band--)
            sum += Usable(frame, band, _lowBits[band] + (step * _extraBits[band] >> StepsLog), ref isCoded);
        return sum;
    }

    /// <summary>
    /// Reads from the highest band downwards whether a band is skipped: a flag is only there where the band would have bits
    /// enough. The bits of skipped bands go to those below.
    /// </summary>
    private void SkipBands(ref RangeDecoder range, CeltFrame frame, ref int total, ref int used)
    {
        var fineOnly = frame.Channels << FractionBits;
        var end = frame.EndBand;
        while (true)
        {
            var band = end - 1;
            if (band <= _lastBoosted)
            {
                // The first band and a boosted one are never skipped; the flag's bit is free.
                total += _skipReserve;
                break;
            }

            var bits = frame.ShapeBits[band] + ShareOfRest(frame, band, end, total - used);
            if (bits >= Math.Max(_thresholds[band], fineOnly + OneBit))
            {
                if (range.DecodeBit(1))
                    break;
                used += OneBit;
                bits -= OneBit;
            }

            used -= frame.ShapeBits[band] + _intensityReserve;
            if (_intensityReserve > 0)
                _intensityReserve = CountLogs[band - frame.StartBand];
            used += _intensityReserve;
            frame.ShapeBits[band] = bits >= fineOnly ? fineOnly : 0;
            used += frame.ShapeBits[band];
            end--;
        }

        frame.CodedBands = end;
    }

    /// <summary>What a band would have of the bits that are left, if it were the last.</summary>
    private static int ShareOfRest(CeltFrame frame, int band, int end, int rest)
    {
        var edges = CeltBands.Edges;
        var coded = edges[end] - edges[frame.StartBand];
        var perBin = (int)((uint)rest / (uint)coded);
        var remainder = rest - coded * perBin;
        return perBin * (edges[end] - edges[band]) + Math.Max(remainder - (edges[band] - edges[frame.StartBand]), 0);
    }

    private void DecodeStereo(ref RangeDecoder range, CeltFrame frame, ref int total)
    {
        var start = frame.StartBand;
        frame.IntensityBand = _intensityReserve > 0
            ? start + (int)range.DecodeUniform((uint)(frame.CodedBands + 1 - start))
            : 0;
        if (frame.IntensityBand <= start)
        {
            total += _dualStereoReserve;
            _dualStereoReserve = 0;
        }

        frame.IsDualStereo = _dualStereoReserve > 0 && range.DecodeBit(1);
    }

    /// <summary>Gives what is left to the coded bands by their width, the remainder to the lowest.</summary>
    private static void Distribute(CeltFrame frame, int rest)
    {
        var edges = CeltBands.Edges;
        var coded = edges[frame.CodedBands] - edges[frame.StartBand];
        var perBin = (int)((uint)rest / (uint)coded);
        var remainder = rest - coded * perBin;
        for (var band = frame.StartBand; band < frame.CodedBands; band++)
        {
            var width = CeltBands.Width(band);
            var more = Math.Min(remainder, width);
            frame.ShapeBits[band] += perBin * width + more;
            remainder -= more;
        }
    }

    /// <summary>The reference decoder's LOG2_FRAC_TABLE: eighths of a bit that suffice for one choice of n + 1.</summary>
    private static ReadOnlySpan<byte> CountLogs =>
        [0, 8, 13, 16, 19, 21, 23, 24, 26, 27, 28, 29, 30, 31, 32, 32, 33, 34, 34, 35, 36, 36, 37, 37];

    /// <summary>Table 57, a row a quality: 1/32 bit a bin.</summary>
    private static ReadOnlySpan<byte> Table57 =>
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        90, 80, 75, 69, 63, 56, 49, 40, 34, 29, 20, 18, 10, 0, 0, 0, 0, 0, 0, 0, 0,
        110, 100, 90, 84, 78, 71, 65, 58, 51, 45, 39, 32, 26, 20, 12, 0, 0, 0, 0, 0, 0,
        118, 110, 103, 93, 86, 80, 75, 70, 65, 59, 53, 47, 40, 31, 23, 15, 4, 0, 0, 0, 0,
        126, 119, 112, 104, 95, 89, 83, 78, 72, 66, 60, 54, 47, 39, 32, 25, 17, 12, 1, 0, 0,
        134, 127, 120, 114, 103, 97, 91, 85, 78, 72, 66, 60, 54, 47, 41, 35, 29, 23, 16, 10, 1,
        144, 137, 130, 124, 113, 107, 101, 95, 88, 82, 76, 70, 64, 57, 51, 45, 39, 33, 26, 15, 1,
        152, 145, 138, 132, 123, 117, 111, 105, 98, 92, 86, 80, 74, 67, 61, 55, 49, 43, 36, 20, 1,
        162, 155, 148, 142, 133, 127, 121, 115, 108, 102, 96, 90, 84, 77, 71, 65, 59, 53, 46, 30, 1,
        172, 165, 158, 152, 143, 137, 131, 125, 118, 112, 106, 100, 94, 87, 81, 75, 69, 63, 56, 45, 20,
        200, 200, 200, 200, 200, 200, 200, 200, 198, 193, 188, 183, 178, 173, 168, 163, 158, 153, 148, 129, 104,
    ];
}
