namespace VoiceKit.Audio;

/// <summary>What an <see cref="AutomaticGain"/> aims at. Levels are in dBFS, gains in dB.</summary>
public sealed record AutomaticGainOptions
{
    /// <summary>The RMS level that speech is brought to, −60…0; −20 by default.</summary>
    public double TargetLevel { get; init; } = -20;

    /// <summary>The least gain for loud speech, −60…0; −12 by default. The limiter goes below it.</summary>
    public double MinGain { get; init; } = -12;

    /// <summary>The most gain for quiet speech, 0…60; 18 by default.</summary>
    public double MaxGain { get; init; } = 18;

    /// <summary>What no sample exceeds, −60…0; −1 by default.</summary>
    public double Ceiling { get; init; } = -1;

    internal void Check()
    {
        CheckRange(TargetLevel, -60, 0, nameof(TargetLevel));
        CheckRange(MinGain, -60, 0, nameof(MinGain));
        CheckRange(MaxGain, 0, 60, nameof(MaxGain));
        CheckRange(Ceiling, -60, 0, nameof(Ceiling));
    }

    private static void CheckRange(double value, double low, double high, string name)
    {
        if (!(value >= low && value <= high))
            throw new ArgumentOutOfRangeException(name, value, $"{name} is not within {low}…{high}.");
    }
}
