using VoiceKit.Opus.Decoding.Range;

namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>
/// Shape decoding (RFC 6716 §4.3.4): the vectors of unit length of all bands. Bands without bits are folded from lower ones.
/// </summary>
/// <remarks>This part goes through the bands; others decode a band of one channel and of two.</remarks>
internal sealed partial class BandDecoder
{
    private const int FractionBits = RangeDecoder.FractionBits;
    private const int MaxBandBits = 16383;

    /// <summary>No place in <see cref="_folding"/>.</summary>
    private const int Nowhere = -1;

    // The folding memory: the bands below of both channels, and room to rearrange one of them.
    private const int FoldingLength = 78 << CeltBands.MaxSizeLog;
    private const int RightFolding = FoldingLength;
    private const int Scratch = 2 * FoldingLength;
    private const int ScratchLength = 22 << CeltBands.MaxSizeLog;

    private readonly float[] _spectrum = new float[2 * CeltBands.MaxLength];
    private readonly float[] _folding = new float[Scratch + ScratchLength];
    private readonly float[] _rearranged = new float[ScratchLength];

    private CeltFrame _frame = new();
    private int _band;
    private int _bitsLeft;
    private uint _seed;
    private bool _isInversionDisabled;

    /// <summary>The decoded shapes; the second channel's follow the first's.</summary>
    public Span<float> Spectrum => _spectrum;

    /// <summary>Decodes all bands of a frame.</summary>
    /// <param name="range">The range decoder.</param>
    /// <param name="frame">The frame with its allocation; receives the collapse masks.</param>
    /// <param name="totalBits">The eighths of a bit in the whole frame, without what is kept for anti-collapse.</param>
    /// <param name="isInversionDisabled">Whether inverted phase between channels is ignored (RFC 8251 §10).</param>
    /// <param name="seed">The noise's seed.</param>
    public void Decode(ref RangeDecoder range, CeltFrame frame, int totalBits, bool isInversionDisabled, ref uint seed)
    {
        _frame = frame;
        _seed = seed;
        _isInversionDisabled = isInversionDisabled;
        var balance = frame.Balance;
        var isDual = frame.IsDualStereo;
        var mayMoveFolding = true;
        var foldingBand = 0;
        for (var band = frame.StartBand; band < frame.EndBand; band++)
        {
            _band = band;
            var tell = (int)range.TellFraction();
            if (band != frame.StartBand)
                balance -= tell;
            _bitsLeft = totalBits - tell - 1;
            var bits = BandBits(balance);
            var start = frame.Edge(band);
            var width = frame.Edge(band + 1) - start;

            var hasBandsBelow = start - width >= frame.Edge(frame.StartBand) || band == frame.StartBand + 1;
            if (hasBandsBelow && (mayMoveFolding || foldingBand == 0))
                foldingBand = band;
            if (band == frame.StartBand + 1)
                RepeatFirstBand(isDual);
            if (isDual && band == frame.IntensityBand)
            {
                isDual = false;
                MergeFolding(start - frame.Edge(frame.StartBand));
            }

            DecodeBand(ref range, bits, width, foldingBand, isDual);
            balance += frame.ShapeBits[band] + tell;
            mayMoveFolding = bits > width << FractionBits;
        }

        seed = _seed;
    }

    /// <summary>The bits of a band with its part of what bands before it did not use.</summary>
    private int BandBits(int balance)
    {
        var codedBands = _frame.CodedBands;
        if (_band >= codedBands)
            return 0;
        var share = balance / Math.Min(3, codedBands - _band);
        return Math.Max(0, Math.Min(MaxBandBits, Math.Min(_bitsLeft + 1, _frame.ShapeBits[_band] + share)));
    }

    private void DecodeBand(ref RangeDecoder range, int bits, int width, int foldingBand, bool isDual)
    {
        var frame = _frame;
        var lowband = Nowhere;
        var leftFill = (1 << frame.Blocks) - 1;
        var rightFill = leftFill;
        var change = frame.ResolutionChanges[_band];
        if (foldingBand != 0 && (frame.Spread != Spreading.Aggressive || frame.Blocks > 1 || change < 0))
            lowband = FindFolding(foldingBand, width, out leftFill, out rightFill);

        var place = frame.Edge(_band);
        var output = _band == frame.EndBand - 1 ? Nowhere : place - frame.Edge(frame.StartBand);
        var masks = frame.CollapseMasks.AsSpan(_band * frame.Channels, frame.Channels);
        if (frame.Channels == 1)
        {
            masks[0] = (byte)DecodeChannel(ref range, place, width, bits, lowband, output, 1, leftFill | rightFill);
        }
        else if (isDual)
        {
            var rightLowband = lowband == Nowhere ? Nowhere : RightFolding + lowband;
            var rightOutput = output == Nowhere ? Nowhere : RightFolding + output;
            masks[0] = (byte)DecodeChannel(ref range, place, width, bits / 2, lowband, output, 1, leftFill);
            var right = frame.Length + place;
            masks[1] = (byte)DecodeChannel(ref range, right, width, bits / 2, rightLowband, rightOutput, 1, rightFill);
        }
        else
        {
            var mask = (byte)DecodeStereo(ref range, place, width, bits, lowband, output, leftFill | rightFill);
            masks[0] = mask;
            masks[1] = mask;
        }
    }

    /// <summary>Finds the bins that a band without pulses is folded from, and which of their short MDCTs are not empty.</summary>
    /// <returns>The place in the folding memory.</returns>
    private int FindFolding(int foldingBand, int width, out int leftFill, out int rightFill)
    {
        var frame = _frame;
        var origin = frame.Edge(frame.StartBand);
        var place = Math.Max(0, frame.Edge(foldingBand) - origin - width);
        var first = foldingBand - 1;
        while (frame.Edge(first) > place + origin)
            first--;
        var end = foldingBand;
        while (end < _band && frame.Edge(end) < place + origin + width)
            end++;

        leftFill = 0;
        rightFill = 0;
        for (var band = first; band < end; band++)
        {
            leftFill |= frame.CollapseMasks[band * frame.Channels];
            rightFill |= frame.CollapseMasks[band * frame.Channels + frame.Channels - 1];
        }

        return place;
    }

    /// <summary>
    /// In hybrid frames the second band is wider than the first, which it is folded from: the end of the first comes again after
    /// it (RFC 8251 §8).
    /// </summary>
    private void RepeatFirstBand(bool isDual)
    {
        var first = CeltBands.Width(_frame.StartBand) << _frame.SizeLog;
        var second = CeltBands.Width(_frame.StartBand + 1) << _frame.SizeLog;
        var length = second - first;
        if (length <= 0)
            return;
        _folding.AsSpan(first - length, length).CopyTo(_folding.AsSpan(first));
        if (isDual)
            _folding.AsSpan(RightFolding + first - length, length).CopyTo(_folding.AsSpan(RightFolding + first));
    }

    /// <summary>From the first band of intensity stereo on both channels are folded from their mean.</summary>
    private void MergeFolding(int length)
    {
        for (var i = 0; i < length; i++)
            _folding[i] = 0.5f * (_folding[i] + _folding[RightFolding + i]);
    }
}
