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

    private readonly float[] _peaks = new float[Capacity];
    private readonly double[] _energies = new double[Capacity];
    private readonly OffsetRange[] _ranges = new OffsetRange[channels <= BinMeter.MaxChannels ? Capacity * channels : 0];
    private int _level;

    /// <summary>The number of frames added; a multiple of <see cref="BlockFrames"/>.</summary>
    public long Frames { get; private set; }

    /// <summary>The number of frames in a bin; the last bin may have fewer yet.</summary>
    public long BinFrames => 1L << _level;

    /// <summary>The greatest magnitude in each bin.</summary>
    public ReadOnlySpan<float> Peaks => _peaks.AsSpan(0, Count);

    /// <summary>The sum of the squares in each bin, all channels together.</summary>
    public ReadOnlySpan<double> Energies => _energies.AsSpan(0, Count);

    /// <summary>
    /// What each bin tells of an offset, its channels side by side; empty where there are too many channels to look for one.
    /// </summary>
    public ReadOnlySpan<OffsetRange> Offsets => HasRanges ? _ranges.AsSpan(0, Count * channels) : [];

    private bool HasRanges => _ranges.Length > 0;

    private int Count => (int)((Frames + BinFrames - 1) >> _level);

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
        var ranges = HasRanges ? _ranges.AsSpan(bin * channels) : [];
        Measure(blocks, 1 << _level, _peaks.AsSpan(bin), _energies.AsSpan(bin), ranges);
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
            Measure(blocks[..(count * length)], BlockFrames, peaks, energies, ranges);
            for (var i = 0; i < count; i++)
                AddToBin(peaks[i], energies[i], HasRanges ? ranges.Slice(i * channels, channels) : []);
            blocks = blocks[(count * length)..];
        }
    }

    private void Measure(
        ReadOnlySpan<float> blocks, int frames, Span<float> peaks, Span<double> energies, Span<OffsetRange> ranges)
    {
        if (HasRanges)
            BinMeter.Measure(blocks, frames, channels, peaks, energies, ranges);
        else
            SampleMeter.Measure(blocks, frames * channels, peaks, energies);
    }

    private void AddToBin(float peak, double energy, ReadOnlySpan<OffsetRange> ranges)
    {
        var bin = (int)(Frames >> _level);
        var begun = (Frames & (BinFrames - 1)) != 0;
        _peaks[bin] = begun ? Math.Max(_peaks[bin], peak) : peak;
        _energies[bin] = begun ? _energies[bin] + energy : energy;
        for (var channel = 0; channel < ranges.Length; channel++)
        {
            ref var range = ref _ranges[bin * channels + channel];
            if (begun)
                range.Add(ranges[channel]);
            else
                range = ranges[channel];
        }

        Frames += BlockFrames;
    }

    private void MergePairs()
    {
        for (var i = 0; i < Capacity / 2; i++)
        {
            _peaks[i] = float.MaxNative(_peaks[2 * i], _peaks[2 * i + 1]);
            _energies[i] = _energies[2 * i] + _energies[2 * i + 1];
        }

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
