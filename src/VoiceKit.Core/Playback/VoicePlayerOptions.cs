namespace VoiceKit.Playback;

/// <summary>How a player works.</summary>
public sealed record VoicePlayerOptions
{
    /// <summary>How often the position is told while playing.</summary>
    /// <value>1/60…1/20 s; 1/30 s by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan ProgressInterval
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromSeconds(1) / 60);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromSeconds(1) / 20);
            field = value;
        }
    } = TimeSpan.FromSeconds(1) / 30;

    /// <summary>How long an output may take to start, before it counts as one that does not answer.</summary>
    /// <value>100 ms…1 min; 5 s by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan StartTimeout
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromMilliseconds(100));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromMinutes(1));
            field = value;
        }
    } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a load, a dispose and a change of output wait at most for a message's stream that is being read, before they
    /// leave it to the thread that reads it.
    /// </summary>
    /// <value>100 ms…1 min; 5 s by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan ReadTimeout
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromMilliseconds(100));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromMinutes(1));
            field = value;
        }
    } = TimeSpan.FromSeconds(5);

    /// <summary>The level of 10 ms of audio (RMS, in dB below full scale) under which they count as silence.</summary>
    /// <value>−90…−20; −45 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public double SilenceThreshold
    {
        get;
        init
        {
            if (!(value is >= -90 and <= -20))
                throw new ArgumentOutOfRangeException(nameof(value), value, "The threshold is −90…−20 dBFS.");
            field = value;
        }
    } = -45;

    /// <summary>The clock for all waiting and for <see cref="ProgressInterval"/>.</summary>
    /// <value>The system's by default.</value>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
