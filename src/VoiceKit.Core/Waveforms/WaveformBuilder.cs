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
/// <b>Offset.</b> Cheap microphones add a constant offset to all samples, which nobody hears. Where there is one, peak and energy
/// are measured from it: in mono and stereo, for each channel, from 0.8 s of audio and −66 dBFS on. What has none is measured as
/// it is, to the bit; and so is what merely has a mean, such as noise, or a low voice in a short stretch.
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
    private readonly float[] _pending;
    private int _pendingLength;

    /// <summary>
    /// Creates an empty builder; it takes about 330 KB for mono and 530 KB for stereo, however long the audio grows.
    /// </summary>
    /// <param name="format">The format of the samples to come.</param>
    /// <exception cref="ArgumentException">The format is the default value, which has no channels.</exception>
    public WaveformBuilder(AudioFormat format)
    {
        if (format.Channels == 0)
            throw new ArgumentException("The format has no channels.", nameof(format));
        Format = format;
        _bank = new BinBank(format.Channels);
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
            _bank.Add(samples[..whole]);
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
            _bank.Add(_pending);
            _pendingLength = 0;
        }

        return samples[taken..];
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
            _bank.CopyPeaks(peaks);
            _bank.Energies.CopyTo(energies);
            var bins = _bank.Count;
            var channels = Format.Channels;
            SampleMeter.Measure(_pending.AsSpan(0, _pendingLength), channels, peaks[bins..], energies[bins..]);
            TakeOffOffset(peaks, energies);
            return new Segments(bins, _bank.BinFrames, _bank.Frames, _pendingLength / channels);
        }
    }

    private void TakeOffOffset(Span<float> peaks, Span<double> energies)
    {
        var ranges = _bank.Offsets;
        Span<float> offsets = stackalloc float[BinMeter.MaxChannels];
        offsets = offsets[..Math.Min(Format.Channels, offsets.Length)];
        var bins = _bank.Count;
        if (ranges.IsEmpty
            || !OffsetFinder.TryFind(ranges, energies[..bins], _bank.BinFrames, _bank.Frames, Format.SampleRate, offsets))
            return;
        Span<OffsetRange> frame = stackalloc OffsetRange[BinMeter.MaxChannels];
        var left = _bank.Frames;
        for (var bin = 0; bin < bins; bin++, left -= _bank.BinFrames)
        {
            var frames = Math.Min(left, _bank.BinFrames);
            MoveTo(offsets, ranges.Slice(bin * offsets.Length, offsets.Length), frames, ref peaks[bin], ref energies[bin]);
        }

        for (var at = 0; at < _pendingLength; at += offsets.Length, bins++)
        {
            for (var channel = 0; channel < offsets.Length; channel++)
            {
                var sample = SampleCleaner.Clean(_pending[at + channel]);
                frame[channel] = new OffsetRange { Low = sample, High = sample, Sum = sample };
            }

            MoveTo(offsets, frame[..offsets.Length], 1, ref peaks[bins], ref energies[bins]);
        }
    }

    // Digital silence stays silent: it stands on nothing. The sum of (x − m)² is that of x² less 2·m·Σx, and n·m² more.
    private static void MoveTo(
        ReadOnlySpan<float> offsets, ReadOnlySpan<OffsetRange> ranges, long frames, ref float peak, ref double energy)
    {
        if (peak == 0)
            return;
        peak = 0;
        for (var channel = 0; channel < offsets.Length; channel++)
        {
            double offset = offsets[channel];
            peak = Math.Max(peak, ranges[channel].PeakAbout(offsets[channel]));
            energy += offset * (frames * offset - 2 * ranges[channel].Sum);
        }

        energy = Math.Clamp(energy, 0, (double)peak * peak * frames * offsets.Length);
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
