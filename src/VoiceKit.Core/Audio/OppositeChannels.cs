namespace VoiceKit.Audio;

/// <summary>
/// Finds stereo whose channels cancel one another in mono, and puts the louder channel in the place of their mean.
/// </summary>
/// <remarks>The result does not depend on how the audio is cut into pieces. An instance is for one thread at a time.</remarks>
internal sealed class OppositeChannels(int sampleRate)
{
    // The energy of the mean over that of the channels: 1 for mono, about 1/2 for noise that differs, 0 where one is minus the
    // other.
    private const double Opposite = 0.01;
    private const double Usual = 0.1;

    // −70 dBFS: what is softer says nothing.
    private const double Silence = 1e-7;

    private readonly double _decay = 1.0 / Math.Max(1, sampleRate / 50);
    private readonly int _settling = Math.Max(1, sampleRate / 100);
    private readonly float _step = 1f / Math.Max(1, sampleRate / 200);
    private double _meanEnergy;
    private double _leftEnergy;
    private double _rightEnergy;
    private int _heard;
    private bool _isOpposite;
    private bool _takesLeft;
    private float _weight;

    /// <summary>Whether such channels were found.</summary>
    public bool Found { get; private set; }

    /// <summary>Looks at the next frames.</summary>
    /// <param name="stereo">Interleaved frames.</param>
    /// <param name="mono">Their mean, which is changed where the channels are opposite.</param>
    public void Process(ReadOnlySpan<float> stereo, Span<float> mono)
    {
        for (var i = 0; 2 * i < stereo.Length; i++)
        {
            var (left, right) = (stereo[2 * i], stereo[2 * i + 1]);
            Measure(left, right, mono[i]);
            _weight = Math.Clamp(_weight + (_isOpposite ? _step : -_step), 0, 1);
            if (_weight > 0)
                mono[i] += _weight * ((_takesLeft ? left : right) - mono[i]);
        }
    }

    private void Measure(float left, float right, float mean)
    {
        Follow(ref _meanEnergy, mean);
        Follow(ref _leftEnergy, left);
        Follow(ref _rightEnergy, right);
        var energy = (_leftEnergy + _rightEnergy) / 2;
        if (!(energy > Silence))
            return;
        _heard = Math.Min(_heard + 1, _settling);
        if (!_isOpposite && _heard == _settling && _meanEnergy < Opposite * energy)
            (_isOpposite, _takesLeft, Found) = (true, _leftEnergy >= _rightEnergy, true);
        else if (_isOpposite && _meanEnergy > Usual * energy)
            _isOpposite = false;
    }

    private void Follow(ref double energy, float sample)
    {
        var clean = (double)SampleCleaner.Clean(sample);
        energy += _decay * (clean * clean - energy);
    }
}
