namespace VoiceKit.Tests.Waveforms;

/// <summary>Bars by their definition, frame by frame over the whole PCM: bar i is [i·F/N, (i+1)·F/N).</summary>
internal sealed class NaiveBars
{
    private readonly double[] _energies;
    private readonly float[] _peaks;

    public NaiveBars(ReadOnlySpan<float> pcm, int channels)
    {
        _energies = new double[pcm.Length / channels];
        _peaks = new float[_energies.Length];
        for (var i = 0; i < pcm.Length; i++)
        {
            _energies[i / channels] += (double)pcm[i] * pcm[i];
            _peaks[i / channels] = Math.Max(_peaks[i / channels], Math.Abs(pcm[i]));
        }

        Channels = channels;
    }

    public int Channels { get; }

    public long Frames => _peaks.Length;

    public float Peak(int bar, int bars) => PeakOf(bar * Frames / bars, CeilingEdge(bar + 1, bars));

    public double Rms(int bar, int bars) =>
        Frames == 0 ? 0 : Math.Sqrt(Energy(bar, bars) / ((double)Frames / bars * Channels));

    /// <summary>The sum of the squares in a bar; a frame across an edge counts by its share.</summary>
    public double Energy(int bar, int bars)
    {
        var energy = 0d;
        var (start, end) = (bar * Frames, (bar + 1) * Frames);
        for (var f = start / bars; f < CeilingEdge(bar + 1, bars); f++)
            energy += _energies[f] * (Math.Min(end, (f + 1) * bars) - Math.Max(start, f * bars)) / bars;
        return energy;
    }

    /// <summary>The greatest magnitude in the frames [from, to), as far as they exist.</summary>
    public float PeakOf(long from, long to)
    {
        var peak = 0f;
        for (var f = Math.Max(from, 0); f < Math.Min(to, Frames); f++)
            peak = Math.Max(peak, _peaks[f]);
        return peak;
    }

    /// <summary>The sum of the squares in the frames [from, to), as far as they exist.</summary>
    public double EnergyOf(long from, long to)
    {
        var energy = 0d;
        for (var f = Math.Max(from, 0); f < Math.Min(to, Frames); f++)
            energy += _energies[f];
        return energy;
    }

    private long CeilingEdge(int edge, int bars) => (edge * Frames + bars - 1) / bars;
}
