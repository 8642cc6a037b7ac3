using System.Runtime.Intrinsics;

namespace VoiceKit.Audio;

/// <summary>Measures how loud the audio is that passes, from one reading to the next.</summary>
/// <remarks>
/// All channels count alike. NaN counts as 0, and a magnitude above 16 (+24 dBFS), infinity too, as 16. Every member may be
/// called from any thread: one may add and another read. Nothing is allocated after the constructor, and neither thread waits
/// for the other longer than a few additions take.
/// </remarks>
internal sealed class LevelMeter
{
    private readonly object _gate = new();
    private float _peak;
    private double _energy;
    private long _samples;
    private AudioLevel _last = AudioLevel.Silence;

    /// <summary>Takes the next samples, of any channels and any number.</summary>
    public void Add(ReadOnlySpan<float> samples)
    {
        var whole = samples.Length - samples.Length % Vector128<float>.Count;
        var (peak, energy) = Measure(samples[..whole]);
        var (restPeak, restEnergy) = Measure(samples[whole..]);
        lock (_gate)
        {
            _peak = Math.Max(_peak, Math.Max(peak, restPeak));
            _energy += energy + restEnergy;
            _samples += samples.Length;
        }
    }

    /// <summary>
    /// Gives the level of all samples since the last reading. When there were none it gives the last reading again, since readers
    /// are often quicker than devices; before the first samples that is silence.
    /// </summary>
    public AudioLevel Read()
    {
        lock (_gate)
        {
            if (_samples > 0)
                _last = new AudioLevel(AudioLevel.OfPower((double)_peak * _peak), AudioLevel.OfPower(_energy / _samples));
            Clear();
            return _last;
        }
    }

    /// <summary>Forgets all samples and readings: the next reading is silence unless samples come before it.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            Clear();
            _last = AudioLevel.Silence;
        }
    }

    private static (float Peak, double Energy) Measure(ReadOnlySpan<float> samples)
    {
        var peak = 0f;
        var energy = 0d;
        if (samples.Length > 0)
            SampleMeter.Measure(samples, samples.Length, new Span<float>(ref peak), new Span<double>(ref energy));
        return (peak, energy);
    }

    private void Clear()
    {
        _peak = 0;
        _energy = 0;
        _samples = 0;
    }
}
