using VoiceKit.Audio;
using VoiceKit.Waveforms;

namespace VoiceKit.Recording;

/// <summary>Level and rolling bars of a recording. Adding is for one thread, reading bars for any.</summary>
internal sealed class RecordingMeter
{
    private readonly object _gate = new();
    private readonly float[] _bars = new float[VoiceRecorder.MaxBars];
    private readonly int _samplesPerBar;
    private long _barCount;
    private float _highestBar;
    private double _barEnergy;
    private int _barFill;
    private float _peak;
    private double _energy;
    private long _samples;

    public RecordingMeter(int samplesPerBar) => _samplesPerBar = samplesPerBar;

    public long BarCount
    {
        get
        {
            lock (_gate)
                return _barCount;
        }
    }

    public void Add(ReadOnlySpan<float> samples)
    {
        while (!samples.IsEmpty)
        {
            var piece = samples[..Math.Min(samples.Length, _samplesPerBar - _barFill)];
            AddPiece(piece);
            samples = samples[piece.Length..];
        }
    }

    /// <summary>Gives the level since the last time, in dBFS, and begins anew.</summary>
    public (float Peak, float Rms) TakeLevel()
    {
        var power = _samples == 0 ? 0 : _energy / _samples;
        var level = ((float)AudioLevel.OfPower((double)_peak * _peak), (float)AudioLevel.OfPower(power));
        _peak = 0;
        _energy = 0;
        _samples = 0;
        return level;
    }

    /// <inheritdoc cref="IVoiceRecorder.GetBars"/>
    public long CopyBars(Span<float> heights)
    {
        lock (_gate)
        {
            var kept = (int)Math.Min(Math.Min(_barCount, _bars.Length), heights.Length);
            heights[..^kept].Clear();
            for (var i = 0; i < kept; i++)
            {
                var rms = _bars[(_barCount - kept + i) % _bars.Length];
                heights[heights.Length - kept + i] = Waveform.PerceptualHeight(rms, _highestBar);
            }

            return _barCount;
        }
    }

    private void AddPiece(ReadOnlySpan<float> piece)
    {
        float peak = 0;
        double energy = 0;
        SampleMeter.Measure(piece, piece.Length, new Span<float>(ref peak), new Span<double>(ref energy));
        _peak = Math.Max(_peak, peak);
        _energy += energy;
        _samples += piece.Length;
        _barEnergy += energy;
        _barFill += piece.Length;
        if (_barFill == _samplesPerBar)
            EndBar();
    }

    private void EndBar()
    {
        lock (_gate)
        {
            var rms = (float)Math.Sqrt(_barEnergy / _samplesPerBar);
            _bars[_barCount++ % _bars.Length] = rms;
            _highestBar = Math.Max(_highestBar, rms);
        }

        _barEnergy = 0;
        _barFill = 0;
    }
}
