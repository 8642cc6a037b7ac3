namespace VoiceKit.Audio;

/// <summary>
/// Takes rumble and offset out of PCM, in place: a Butterworth filter of the second order, −3 dB at the cutoff and 12 dB less
/// for each octave below it, by the bilinear transform (Oppenheim and Schafer, "Discrete-Time Signal Processing", 7.1).
/// </summary>
/// <remarks>
/// It delays nothing. The same input gives the same output bit for bit, however it is cut into pieces. NaN counts as 0, and a
/// magnitude above 16 (+24 dBFS), infinity too, as 16. An instance is for one thread at a time.
/// </remarks>
internal sealed class HighPassFilter : IAudioProcessor
{
    /// <summary>The cutoff that suits speech, in Hz: below the lowest voices, above the hum of the mains.</summary>
    public const double DefaultCutoff = 80;

    // A state that has faded as far as this, −600 dB, is set to 0 before it becomes a denormal, which processors are slow at.
    private const double Faded = 1e-30;

    private readonly int _channels;
    private readonly double _gain;
    private readonly double _feedback1;
    private readonly double _feedback2;

    // Transposed direct form II, two values for each channel.
    private readonly double[] _state1;
    private readonly double[] _state2;

    /// <summary>Creates a filter that has heard only silence.</summary>
    /// <param name="format">The format of the samples to come.</param>
    /// <param name="cutoff">Where the filter is at −3 dB, in Hz: above 0 and below half the sample rate.</param>
    /// <exception cref="ArgumentException">The format is the default value, which has no channels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The cutoff is out of its range or not a number.</exception>
    public HighPassFilter(AudioFormat format, double cutoff = DefaultCutoff)
    {
        if (format.Channels == 0)
            throw new ArgumentException("The format has no channels.", nameof(format));
        if (!(cutoff > 0 && cutoff < format.SampleRate / 2.0))
            throw new ArgumentOutOfRangeException(nameof(cutoff), cutoff, "The cutoff is not between 0 Hz and half the rate.");
        Format = format;
        Cutoff = cutoff;
        _channels = format.Channels;
        _state1 = new double[_channels];
        _state2 = new double[_channels];

        // s² / (s² + √2 s + 1) with s = (1 − z⁻¹) / (w (1 + z⁻¹)).
        var w = Math.Tan(Math.PI * cutoff / format.SampleRate);
        var norm = 1 + Math.Sqrt(2) * w + w * w;
        _gain = 1 / norm;
        _feedback1 = 2 * (w * w - 1) / norm;
        _feedback2 = (1 - Math.Sqrt(2) * w + w * w) / norm;
    }

    /// <summary>The format of the samples.</summary>
    public AudioFormat Format { get; }

    /// <summary>Where the filter is at −3 dB, in Hz.</summary>
    public double Cutoff { get; }

    /// <summary>It delays nothing: 0.</summary>
    public int LatencyFrames => 0;

    /// <summary>Filters the next samples.</summary>
    /// <param name="samples">Interleaved whole frames; the result takes their place.</param>
    /// <exception cref="ArgumentException">The samples are not whole frames.</exception>
    public void Process(Span<float> samples)
    {
        if (samples.Length % _channels != 0)
            throw new ArgumentException("The samples are not whole frames.", nameof(samples));
        for (var channel = 0; channel < _channels; channel++)
            ProcessChannel(samples, channel);
    }

    /// <summary>Forgets all input.</summary>
    public void Reset()
    {
        Array.Clear(_state1);
        Array.Clear(_state2);
    }

    private void ProcessChannel(Span<float> samples, int channel)
    {
        var state1 = _state1[channel];
        var state2 = _state2[channel];
        for (var i = channel; i < samples.Length; i += _channels)
        {
            var input = _gain * SampleCleaner.Clean(samples[i]);
            var output = input + state1;
            state1 = WithoutDenormals(state2 - 2 * input - _feedback1 * output);
            state2 = WithoutDenormals(input - _feedback2 * output);
            samples[i] = (float)WithoutDenormals(output);
        }

        _state1[channel] = state1;
        _state2[channel] = state2;
    }

    private static double WithoutDenormals(double value) => Math.Abs(value) < Faded ? 0 : value;
}
