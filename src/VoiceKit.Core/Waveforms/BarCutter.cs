namespace VoiceKit.Waveforms;

/// <summary>
/// Cuts a row of F frames, given as consecutive segments, into N equal bars: bar i is [i·F/N, (i+1)·F/N).
/// </summary>
/// <remarks>
/// Positions are counted in 1/N of a frame: there every edge is a whole number, so no rounding moves one.
/// A segment that lies across an edge gives each side its share of the energy by overlap, and its peak to both.
/// </remarks>
internal ref struct BarCutter
{
    private readonly Span<float> _peaks;
    private readonly Span<float> _rms;
    private readonly long _barLength;
    private readonly double _samplesPerBar;
    private int _bar;
    private long _room;
    private float _peak;
    private double _energy;

    /// <summary>Starts at the first bar.</summary>
    /// <param name="peaks">Where the peak of each bar goes.</param>
    /// <param name="rms">Where the RMS of each bar goes; as long as the peaks.</param>
    /// <param name="frames">F, the sum of the lengths of the segments to come; 0 leaves the bars alone.</param>
    /// <param name="channels">The samples in a frame.</param>
    public BarCutter(Span<float> peaks, Span<float> rms, long frames, int channels)
    {
        _peaks = peaks;
        _rms = rms;
        _barLength = frames;
        _room = frames;
        _samplesPerBar = (double)frames / peaks.Length * channels;
    }

    /// <summary>Adds the next segment.</summary>
    /// <param name="frames">Its length.</param>
    /// <param name="peak">Its greatest magnitude.</param>
    /// <param name="energy">The sum of the squares of its samples.</param>
    public void Add(long frames, float peak, double energy)
    {
        var length = frames * _peaks.Length;
        for (var left = length; left > 0;)
        {
            var part = Math.Min(left, _room);
            _peak = Math.Max(_peak, peak);
            _energy += part == length ? energy : energy * ((double)part / length);
            left -= part;
            _room -= part;
            if (_room == 0)
                CloseBar();
        }
    }

    private void CloseBar()
    {
        // An RMS above the peak can only be rounding.
        _rms[_bar] = Math.Min(_peak, (float)Math.Sqrt(Math.Max(0, _energy) / _samplesPerBar));
        _peaks[_bar++] = _peak;
        _room = _barLength;
        _peak = 0;
        _energy = 0;
    }
}
