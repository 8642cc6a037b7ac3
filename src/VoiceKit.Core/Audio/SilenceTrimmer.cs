namespace VoiceKit.Audio;

/// <summary>
/// Finds where sound begins and ends in a recording, so that the silence at both ends can be left out. Silence is what does not
/// stand out from the recording's own noise; a click of less than 30 ms is no sound.
/// </summary>
/// <remarks>
/// The level of each 10 ms counts, without its offset. The noise is the level that a tenth of the recording stays below; the
/// threshold lies 9 dB above it, at −60 dBFS at least and at most 20 dB below the level of the loudest twentieth: where
/// everything is about as loud, nothing is cut. Takes any amount of audio in a few kilobytes; adding allocates nothing. Not
/// thread-safe.
/// </remarks>
internal sealed class SilenceTrimmer
{
    private const int WindowsPerSecond = 100;
    private const int Sustained = 3;

    // Levels in decibels, from the first bin's on.
    private const int Lowest = -120;
    private const int Bins = 160;
    private const int Margin = 9;
    private const int LeastThreshold = -60;
    private const int BelowLoud = 20;

    private readonly int _channels;
    private readonly int _windowLength;
    private readonly double[] _sums;
    private readonly long[] _counts = new long[Bins];
    private readonly long[] _first = new long[Bins];
    private readonly long[] _last = new long[Bins];
    private readonly int[] _recent = new int[Sustained];
    private double _squares;
    private int _fill;
    private long _windows;

    /// <summary>Creates a trimmer that has heard nothing.</summary>
    /// <param name="format">The format of the samples to come.</param>
    /// <exception cref="ArgumentException">The format is the default value, which has no channels.</exception>
    public SilenceTrimmer(AudioFormat format)
    {
        if (format.Channels == 0)
            throw new ArgumentException("The format has no channels.", nameof(format));
        Format = format;
        _channels = format.Channels;
        _windowLength = Math.Max(1, format.SampleRate / WindowsPerSecond);
        _sums = new double[_channels];
        Array.Fill(_first, -1);
    }

    /// <summary>The format of the samples.</summary>
    public AudioFormat Format { get; }

    /// <summary>How many frames were added.</summary>
    public long FrameCount { get; private set; }

    /// <summary>How much stays before the sound.</summary>
    /// <value>0 or more; 150 ms by default, for the breath before a word.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan KeepBefore
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            field = value;
        }
    } = TimeSpan.FromMilliseconds(150);

    /// <summary>How much stays behind the sound.</summary>
    /// <value>0 or more; 250 ms by default, for the end of a word to fade.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan KeepAfter
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            field = value;
        }
    } = TimeSpan.FromMilliseconds(250);

    /// <summary>Takes the next samples.</summary>
    /// <param name="samples">Interleaved whole frames.</param>
    /// <exception cref="ArgumentException">The samples are not whole frames.</exception>
    public void Add(ReadOnlySpan<float> samples)
    {
        if (samples.Length % _channels != 0)
            throw new ArgumentException("The samples are not whole frames.", nameof(samples));
        for (var at = 0; at < samples.Length; at += _channels)
        {
            for (var channel = 0; channel < _channels; channel++)
            {
                double sample = SampleCleaner.Clean(samples[at + channel]);
                _sums[channel] += sample;
                _squares += sample * sample;
            }

            FrameCount++;
            if (++_fill == _windowLength)
                EndWindow();
        }
    }

    /// <summary>Where the sound is, with what is to stay around it.</summary>
    /// <returns>The first frame and the frame behind the last; everything where there is no sound, or nothing else.</returns>
    public (long Start, long End) Find()
    {
        var threshold = Math.Min(Math.Max(LevelAbove(0.1) + Margin, LeastThreshold), LevelAbove(0.95) - BelowLoud);
        var (first, last) = (long.MaxValue, -1L);
        for (var bin = Math.Clamp(threshold - Lowest, 0, Bins - 1); bin < Bins; bin++)
        {
            if (_first[bin] < 0)
                continue;
            first = Math.Min(first, _first[bin]);
            last = Math.Max(last, _last[bin]);
        }

        // All that is as faint as the least threshold is silence as a whole.
        if (last < 0 || LevelAbove(0.95) < LeastThreshold)
            return (0, FrameCount);
        var start = first * _windowLength - FramesIn(KeepBefore);
        var end = (last + 1) * _windowLength + FramesIn(KeepAfter);
        return (Math.Max(0, start), Math.Min(FrameCount, end));
    }

    // The level that a part of all windows stays below.
    private int LevelAbove(double part)
    {
        long below = 0;
        for (var bin = 0; bin < Bins; bin++)
        {
            below += _counts[bin];
            if (below > part * _windows)
                return bin + Lowest;
        }

        return Lowest;
    }

    private long FramesIn(TimeSpan time) => (long)Math.Min(time.TotalSeconds * Format.SampleRate, long.MaxValue / 4);

    private void EndWindow()
    {
        var power = _squares / _fill;
        for (var channel = 0; channel < _channels; channel++)
            power -= _sums[channel] / _fill * (_sums[channel] / _fill);
        var level = power > 0 ? 10 * Math.Log10(power / _channels) : Lowest;
        var bin = (int)Math.Clamp(Math.Floor(level) - Lowest, 0, Bins - 1);
        Array.Clear(_sums);
        (_squares, _fill) = (0, 0);

        _counts[bin]++;
        _recent[_windows % Sustained] = bin;
        _windows++;
        if (_windows < Sustained)
            return;
        var sustained = Math.Min(_recent[0], Math.Min(_recent[1], _recent[2]));
        if (_first[sustained] < 0)
            _first[sustained] = _windows - Sustained;
        _last[sustained] = _windows - 1;
    }
}
