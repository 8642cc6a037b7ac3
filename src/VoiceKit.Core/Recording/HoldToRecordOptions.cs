namespace VoiceKit.Recording;

/// <summary>
/// How <see cref="HoldToRecord"/> understands a finger. Distances are in device-independent units, 160 to the inch.
/// </summary>
public sealed record HoldToRecordOptions
{
    /// <summary>
    /// How far the finger slides to discard: to the left, or to the right where the text runs from right to left.
    /// </summary>
    /// <value>24 to 10,000; 120 by default. Chat apps take 100 to 150, or a third of a narrow screen.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range, or NaN.</exception>
    public double CancelDistance
    {
        get;
        init => field = CheckDistance(value, nameof(value));
    } = 120;

    /// <summary>How far the finger slides up to lock.</summary>
    /// <value>24 to 10,000; 60 by default. Chat apps take 48 to 150.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range, or NaN.</exception>
    public double LockDistance
    {
        get;
        init => field = CheckDistance(value, nameof(value));
    } = 60;

    /// <summary>How far the finger moves before it slides at all: the trembling of a finger that is held still.</summary>
    /// <value>0 to 20; 8 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range, or NaN.</exception>
    public double Slop
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 0);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 20);
            field = value;
        }
    } = 8;

    /// <summary>Whether the text runs from right to left, so that the slide that discards goes to the right.</summary>
    public bool IsRightToLeft { get; init; }

    /// <summary>
    /// How long a recording must be to be sent; a shorter one ends in <see cref="HoldToRecordAction.TooShort"/>.
    /// </summary>
    /// <value>0 to 1 min; 1 s by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan MinDuration
    {
        get;
        init => field = CheckTime(value, TimeSpan.FromMinutes(1), nameof(value));
    } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long the button is held before the recording starts. With one, a tap records nothing and gives
    /// <see cref="HoldToRecordAction.Hint"/>, and <see cref="HoldToRecord.Tick"/> has to be called; without one the recording
    /// starts with the touch, so that it has the first syllable too.
    /// </summary>
    /// <value>0 to 1 s; 0, no delay, by default. 150 ms tells a tap from a hold.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan HoldDelay
    {
        get;
        init => field = CheckTime(value, TimeSpan.FromSeconds(1), nameof(value));
    }

    /// <summary>What becomes of a held recording when the system takes the finger away.</summary>
    /// <value><see cref="HoldToRecordCancel.Pause"/> by default, which keeps it as a draft.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is no member of the enumeration.</exception>
    public HoldToRecordCancel OnCancel
    {
        get;
        init => field = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "There is no such answer to a cancel.");
    }

    private static double CheckDistance(double value, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 24, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 10_000, name);
        return value;
    }

    private static TimeSpan CheckTime(TimeSpan value, TimeSpan most, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most, name);
        return value;
    }
}
