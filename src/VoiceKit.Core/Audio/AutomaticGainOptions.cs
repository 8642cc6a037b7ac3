namespace VoiceKit.Audio;

/// <summary>What automatic gain aims at. Levels are in dBFS, gains in dB.</summary>
public sealed record AutomaticGainOptions
{
    /// <summary>The RMS level that speech is brought to.</summary>
    /// <value>−60…0; −20 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range or not a number.</exception>
    public double TargetLevel
    {
        get;
        init => field = InRange(value, -60, 0);
    } = -20;

    /// <summary>The least gain for loud speech. The limiter goes below it.</summary>
    /// <value>−60…0; −12 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range or not a number.</exception>
    public double MinGain
    {
        get;
        init => field = InRange(value, -60, 0);
    } = -12;

    /// <summary>The most gain for quiet speech.</summary>
    /// <value>0…60; 18 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range or not a number.</exception>
    public double MaxGain
    {
        get;
        init => field = InRange(value, 0, 60);
    } = 18;

    /// <summary>What no sample exceeds.</summary>
    /// <value>−60…0; −1 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range or not a number.</exception>
    public double Ceiling
    {
        get;
        init => field = InRange(value, -60, 0);
    } = -1;

    private static double InRange(double value, double min, double max) => value >= min && value <= max
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, $"The value is not within {min}…{max} dB.");
}
