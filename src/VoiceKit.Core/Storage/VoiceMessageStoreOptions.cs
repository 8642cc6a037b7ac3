namespace VoiceKit.Storage;

/// <summary>How a <see cref="VoiceMessageStore"/> works.</summary>
public sealed record VoiceMessageStoreOptions
{
    /// <summary>What a change has survived once it is acknowledged.</summary>
    /// <value><see cref="VoiceStoreDurability.PowerLoss"/> by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is no member of the enumeration.</exception>
    public VoiceStoreDurability Durability
    {
        get;
        init => field = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "There is no such durability.");
    }

    /// <summary>The largest message that is taken, backed up or restored, in bytes.</summary>
    /// <value>1…1 GiB; <see cref="VoiceMessage.DefaultMaxSize"/> by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public long MaxMessageSize
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1L << 30);
            field = value;
        }
    } = VoiceMessage.DefaultMaxSize;

    /// <summary>Tells the time, and the time zone whose dates are in the names of files.</summary>
    /// <value>The system's by default.</value>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>
    /// How long changes are gathered before <see cref="VoiceMessageStore.Changed"/> is raised once for all of them.
    /// </summary>
    /// <value>100 ms by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan ChangeDelay
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            field = value;
        }
    } = TimeSpan.FromMilliseconds(100);
}
