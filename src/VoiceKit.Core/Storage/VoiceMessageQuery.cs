namespace VoiceKit.Storage;

/// <summary>Which messages are listed.</summary>
public sealed record VoiceMessageQuery
{
    /// <summary>How many at most.</summary>
    /// <value>1 or more; 50 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Limit
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 50;

    /// <summary>The last message of the page before: only older ones are listed. Null for the first page.</summary>
    public StoredVoiceMessage? Before { get; init; }

    /// <summary>Only these; null for all.</summary>
    public VoiceMessageDirection? Direction { get; init; }
}
