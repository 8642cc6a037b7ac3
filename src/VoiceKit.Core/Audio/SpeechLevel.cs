namespace VoiceKit.Audio;

/// <summary>
/// Follows how loud the speech in a stream is, and not how loud what lies between the words is: of each 20 ms, only those count
/// that stand out from the quietest of the last two seconds (minimum statistics, Martin, 1994). A steady noise never does.
/// </summary>
internal sealed class SpeechLevel
{
    /// <summary>How many measurements there are in a second.</summary>
    public const int PerSecond = 50;

    // Below −60 dBFS nothing counts as speech; it has to be 9 dB, 8 times the power, above the noise.
    private const double LeastPower = 1e-6;
    private const double StandsOut = 8;

    // Speech of three seconds makes up the level.
    private const int Memory = 3 * PerSecond;

    private readonly double[] _minima = new double[8];
    private int _minimum;
    private int _inMinimum;
    private int _heard;

    /// <summary>Creates a meter that has heard nothing.</summary>
    public SpeechLevel() => Reset();

    /// <summary>The mean square of the speech so far; 0 before there was any.</summary>
    public double Power { get; private set; }

    /// <summary>Takes the mean square of the next 20 ms.</summary>
    /// <returns>Whether they were speech.</returns>
    public bool Add(double power)
    {
        Remember(power);
        var noise = double.MaxValue;
        foreach (var minimum in _minima)
            noise = Math.Min(noise, minimum);
        if (power < LeastPower || power < noise * StandsOut)
            return false;

        _heard = Math.Min(_heard + 1, Memory);
        Power += (power - Power) / _heard;
        return true;
    }

    /// <summary>Forgets all.</summary>
    public void Reset()
    {
        Array.Fill(_minima, double.MaxValue);
        _minimum = _inMinimum = _heard = 0;
        Power = 0;
    }

    private void Remember(double power)
    {
        if (_inMinimum == 2 * PerSecond / _minima.Length)
        {
            _inMinimum = 0;
            _minimum = (_minimum + 1) % _minima.Length;
            _minima[_minimum] = double.MaxValue;
        }

        _inMinimum++;
        _minima[_minimum] = Math.Min(_minima[_minimum], power);
    }
}
