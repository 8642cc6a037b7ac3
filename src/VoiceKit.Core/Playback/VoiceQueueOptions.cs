namespace VoiceKit.Playback;

/// <summary>How a queue works.</summary>
public sealed record VoiceQueueOptions
{
    /// <summary>How long it is silent between two messages.</summary>
    /// <value>0…1 min; 300 ms by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan Gap
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromMinutes(1));
            field = value;
        }
    } = TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// Up to where in a message <see cref="VoiceQueue.PreviousAsync"/> goes to the message before; from there on it goes to the
    /// message's own start.
    /// </summary>
    /// <value>0 or more; 3 s by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan RestartAfter
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            field = value;
        }
    } = TimeSpan.FromSeconds(3);

    /// <summary>The clock that measures the gap.</summary>
    /// <value>The system's by default.</value>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
