using System.Buffers;
using VoiceKit.Audio;

namespace VoiceKit.Waveforms;

/// <summary>
/// Gathers PCM of any length in constant memory and gives any number of bars at any moment, also while recording.
/// </summary>
/// <remarks>
/// <para>
/// <b>Same audio, same bars.</b> The bars depend on the samples alone, bit for bit: not on the pieces they came in, not on
/// waveforms built in between, not on the machine.
/// </para>
/// <para>
/// <b>Accuracy.</b> The audio is kept as 16,384 bins of 2^k frames, each with its peak and its energy: k is 0 up to 16,384
/// frames (0.34 s at 48 kHz) and grows by 1 each time the length doubles, so from there on 8,192 bins or more are in use.
/// Bar i of N over F frames is exactly [i·F/N, (i+1)·F/N). A bin across an edge gives each bar its share of the energy by
/// overlap, and its peak to both. So the peak of a bar is never below the true one, and is the greatest magnitude from at most
/// one bin (F/8,192 frames, 1.2 % of a bar at N = 100) before the bar to one bin after it; its mean square is off by no more
/// than the energy of the bins across its two edges. Where bars and bins share edges, or bins are single frames, bars are
/// exact to the precision of a float. More bars than bins repeat bins. The highest bar is exactly the peak of the audio.
/// </para>
/// <para>
/// <b>Bad samples.</b> NaN counts as 0; a magnitude above 16 (+24 dBFS), infinity too, counts as 16: high enough for any
/// sane overshoot, and low enough that a single wild sample does not flatten all other bars.
/// </para>
/// <para>
/// <b>Offset.</b> Where all of the audio stands off the middle by one amount (−50 dBFS or more), as cheap microphones have it, that is
/// taken off: off the energy of each bar, and off its peak.
/// </para>
/// <para>
/// <b>Threads.</b> Every member may be called from any thread: one thread may record and another draw.
/// <see cref="Add"/> allocates nothing; while a waveform is built it waits only for a copy of the bins.
/// </para>
/// </remarks>
public sealed class WaveformBuilder : IWaveformBuilder
{
    private readonly object _gate = new();
    private readonly BinBank _bank;
    private readonly OffsetMeter _offset;
    private readonly float[] _pending;
    private int _pendingLength;

    /// <summary>Creates an empty builder; it takes about 200 KB, however long the audio grows.</summary>
    /// <param name="format">The format of the samples to come.</param>
    /// <exception cref="ArgumentException">The format is the default value, which has no channels.</exception>
    public WaveformBuilder(AudioFormat format)
    {
        if (format.Channels == 0)
            throw new ArgumentException("The format has no channels.", nameof(format));
        Format = format;
        _bank = new BinBank(format.Channels);
        _offset = new OffsetMeter(format.Channels);
        _pending = new float[BinBank.BlockFrames * format.Channels];
    }

    /// <inheritdoc/>
    public AudioFormat Format { get; }

    /// <inheritdoc/>
    public long FrameCount
    {
        get
        {
            lock (_gate)
                return _bank.Frames + _pendingLength / Format.Channels;
        }
    }

    /// <inheritdoc/>
    public TimeSpan Duration => Format.DurationOf(FrameCount);

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<float> samples)
    {
        if (samples.Length % Format.Channels != 0)
            throw new ArgumentException("The samples end inside a frame.", nameof(samples));
        lock (_gate)
        {
            samples = CompletePendingBlock(samples);
            var whole = samples.Length - samples.Length % _pending.Length;
            AddBlocks(samples[..whole]);
            Keep(samples[whole..]);
        }
    }

    /// <inheritdoc/>
    public Waveform Build(int bars)
    {
        Waveform.CheckCount(bars, nameof(bars));
        var peaks = ArrayPool<float>.Shared.Rent(BinBank.Capacity + BinBank.BlockFrames);
        var energies = ArrayPool<double>.Shared.Rent(BinBank.Capacity + BinBank.BlockFrames);
        try
        {
            var segments = TakeSegments(peaks, energies);
            return Cut(segments, peaks, energies, bars);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(peaks);
            ArrayPool<double>.Shared.Return(energies);
        }
    }

    /// <inheritdoc/>
    public void Reset()
    {
        lock (_gate)
        {
            _bank.Clear();
            _offset.Clear();
            _pendingLength = 0;
        }
    }

    private ReadOnlySpan<float> CompletePendingBlock(ReadOnlySpan<float> samples)
    {
        if (_pendingLength == 0)
            return samples;
        var taken = Math.Min(samples.Length, _pending.Length - _pendingLength);
        Keep(samples[..taken]);
        if (_pendingLength == _pending.Length)
        {
            AddBlocks(_pending);
            _pendingLength = 0;
        }

        return samples[taken..];
    }

    private void AddBlocks(ReadOnlySpan<float> blocks)
    {
        _bank.Add(blocks);
        _offset.Add(blocks);
    }

    private void Keep(ReadOnlySpan<float> samples)
    {
        samples.CopyTo(_pending.AsSpan(_pendingLength));
        _pendingLength += samples.Length;
    }

    // The bins, then the frames of the unfinished block one by one.
    private Segments TakeSegments(Span<float> peaks, Span<double> energies)
    {
        lock (_gate)
        {
            _bank.Peaks.CopyTo(peaks);
            _bank.Energies.CopyTo(energies);
            var bins = _bank.Peaks.Length;
            var channels = Format.Channels;
            SampleMeter.Measure(_pending.AsSpan(0, _pendingLength), channels, peaks[bins..], energies[bins..]);
            var segments = new Segments(bins, _bank.BinFrames, _bank.Frames, _pendingLength / channels);
            TakeOffOffset(segments, peaks, energies);
            return segments;
        }
    }

    // An offset is under all of the audio: where a stretch has less energy than it would bring, the mean is of the sound itself.
    private void TakeOffOffset(Segments segments, Span<float> peaks, Span<double> energies)
    {
        const int LeastFrames = 1024;
        var (square, greatest) = _offset.Measure(segments.BankFrames);
        if (greatest == 0 || segments.BankFrames < LeastFrames || !IsUnderAll(segments, energies, square))
            return;
        var left = segments.BankFrames;
        for (var i = 0; i < segments.Bins + segments.Singles; i++)
        {
            var frames = i < segments.Bins ? Math.Min(left, segments.BinFrames) : 1;
            left -= frames;
            energies[i] -= frames * Format.Channels * square; // Below 0 here and there; not so over a bar.
            peaks[i] = Math.Max(0, peaks[i] - greatest);
        }
    }

    private bool IsUnderAll(Segments segments, ReadOnlySpan<double> energies, double square)
    {
        const int Groups = 64;
        const double LeastPart = 0.8;
        var size = Math.Max(1, segments.Bins / Groups);
        for (var at = 0; at + size <= segments.Bins; at += size)
        {
            double energy = 0;
            foreach (var part in energies.Slice(at, size))
                energy += part;
            var frames = Math.Min(size * segments.BinFrames, segments.BankFrames - at * segments.BinFrames);
            if (energy < LeastPart * square * frames * Format.Channels)
                return false;
        }

        return true;
    }

    private Waveform Cut(Segments segments, ReadOnlySpan<float> peaks, ReadOnlySpan<double> energies, int bars)
    {
        var frames = segments.BankFrames + segments.Singles;
        var barPeaks = new float[bars];
        var barRms = new float[bars];
        var cutter = new BarCutter(barPeaks, barRms, frames, Format.Channels);
        var left = segments.BankFrames;
        for (var i = 0; i < segments.Bins; i++, left -= segments.BinFrames)
            cutter.Add(Math.Min(left, segments.BinFrames), peaks[i], energies[i]);
        for (var i = segments.Bins; i < segments.Bins + segments.Singles; i++)
            cutter.Add(1, peaks[i], energies[i]);
        return Waveform.Own(barPeaks, barRms, Format.DurationOf(frames));
    }

    private readonly record struct Segments(int Bins, long BinFrames, long BankFrames, int Singles);
}
