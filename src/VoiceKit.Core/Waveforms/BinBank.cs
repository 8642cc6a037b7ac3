using VoiceKit.Audio;

namespace VoiceKit.Waveforms;

/// <summary>A bank of <see cref="Capacity"/> bins of 2^level frames each; a full bank merges its bins by pairs.</summary>
/// <remarks>
/// Samples come in blocks of <see cref="BlockFrames"/> frames, so where a bin or a partial sum begins depends only on the
/// position in the audio, never on how a caller cut it. A bank fills up at a whole number of blocks, so no block is split.
/// </remarks>
internal sealed class BinBank(int channels)
{
    /// <summary>The number of bins.</summary>
    public const int Capacity = 16_384;

    /// <summary>The number of frames in a block.</summary>
    public const int BlockFrames = 64;

    private const int BlocksAtOnce = 16;

    private readonly double[] _energies = new double[Capacity];

    // One of the two is empty: a range tells the peak.
    private readonly OffsetRange[] _ranges = new OffsetRange[channels <= BinMeter.MaxChannels ? Capacity * channels : 0];
    private readonly float[] _peaks = new float[channels <= BinMeter.MaxChannels ? 0 : Capacity];
    private int _level;

    /// <summary>The number of frames added; a multiple of <see cref="BlockFrames"/>.</summary>
    public long Frames { get; private set; }

    /// <summary>The number of frames in a bin; the last bin may have fewer yet.</summary>
    public long BinFrames => 1L << _level;

    /// <summary>The sum of the squares in each bin, all channels together.</summary>
    public ReadOnlySpan<double> Energies => _energies.AsSpan(0, Count);

    /// <summary>
    /// What each bin tells of an offset, its channels side by side; empty where there are too many channels to look for one.
    /// </summary>
    public ReadOnlySpan<OffsetRange> Offsets => HasRanges ? _ranges.AsSpan(0, Count * channels) : [];

    private bool HasRanges => _ranges.Length > 0;

    /// <summary>The number of bins in use.</summary>
    public int Count => (int)((Frames + BinFrames - 1) >> _level);

    /// <summary>Adds whole blocks.</summary>
    /// <param name="blocks">Interleaved samples, a multiple of <see cref="BlockFrames"/> frames.</param>
    public void Add(ReadOnlySpan<float> blocks)
    {
        while (!blocks.IsEmpty)
        {
            var room = (long)Capacity << _level;
            if (Frames == room)
            {
                MergePairs();
                room <<= 1;
            }

            var taken = (int)Math.Min(blocks.Length, (room - Frames) * channels);
            Fill(blocks[..taken]);
            blocks = blocks[taken..];
        }
    }

    /// <summary>Copies the greatest magnitude in each bin.</summary>
    public void CopyPeaks(Span<float> peaks)
    {
        if (!HasRanges)
        {
            _peaks.AsSpan(0, Count).CopyTo(peaks);
            return;
        }

        for (var bin = 0; bin < Count; bin++)
            peaks[bin] = OffsetRange.PeakOf(_ranges.AsSpan(bin * channels, channels));
    }

    /// <summary>Empties the bank.</summary>
    public void Clear()
    {
        Frames = 0;
        _level = 0;
    }

    private void Fill(ReadOnlySpan<float> blocks)
    {
        if (BinFrames > BlockFrames)
        {
            Accumulate(blocks);
            return;
        }

        var bin = (int)(Frames >> _level);
        if (HasRanges)
            BinMeter.Measure(blocks, 1 << _level, channels, _energies.AsSpan(bin), _ranges.AsSpan(bin * channels));
        else
            SampleMeter.Measure(blocks, channels << _level, _peaks.AsSpan(bin), _energies.AsSpan(bin));
        Frames += blocks.Length / channels;
    }

    private void Accumulate(ReadOnlySpan<float> blocks)
    {
        Span<float> peaks = stackalloc float[BlocksAtOnce];
        Span<double> energies = stackalloc double[BlocksAtOnce];
        Span<OffsetRange> ranges = stackalloc OffsetRange[BlocksAtOnce * BinMeter.MaxChannels];
        var length = BlockFrames * channels;
        while (!blocks.IsEmpty)
        {
            var count = Math.Min(blocks.Length / length, BlocksAtOnce);
            var some = blocks[..(count * length)];
            if (HasRanges)
                BinMeter.Measure(some, BlockFrames, channels, energies, ranges);
            else
                SampleMeter.Measure(some, length, peaks, energies);
            for (var i = 0; i < count; i++)
                AddToBin(energies[i], peaks[i], ranges.Slice(i * channels, HasRanges ? channels : 0));
            blocks = blocks[some.Length..];
        }
    }

    private void AddToBin(double energy, float peak, ReadOnlySpan<OffsetRange> ranges)
    {
        var bin = (int)(Frames >> _level);
        if ((Frames & (BinFrames - 1)) == 0)
            Begin(bin);
        _energies[bin] += energy;
        if (!HasRanges)
            _peaks[bin] = Math.Max(_peaks[bin], peak);
        for (var channel = 0; channel < ranges.Length; channel++)
            _ranges[bin * channels + channel].Add(ranges[channel]);
        Frames += BlockFrames;
    }

    private void Begin(int bin)
    {
        _energies[bin] = 0;
        if (!HasRanges)
            _peaks[bin] = 0;
        else
            _ranges.AsSpan(bin * channels, channels).Fill(OffsetRange.Empty);
    }

    private void MergePairs()
    {
        for (var i = 0; i < Capacity / 2; i++)
            _energies[i] = _energies[2 * i] + _energies[2 * i + 1];
        for (var i = 0; i < _peaks.Length / 2; i++)
            _peaks[i] = float.MaxNative(_peaks[2 * i], _peaks[2 * i + 1]);
        for (var (to, from) = (0, 0); from < _ranges.Length; from += channels)
        {
            for (var channel = 0; channel < channels; channel++, to++, from++)
            {
                var merged = _ranges[from];
                merged.Add(_ranges[from + channels]);
                _ranges[to] = merged;
            }
        }

        _level++;
    }
}
