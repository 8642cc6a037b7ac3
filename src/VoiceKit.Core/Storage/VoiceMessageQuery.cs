namespace VoiceKit.Storage;

/// <summary>Which messages are listed: those that meet all that is set here.</summary>
public sealed record VoiceMessageQuery
{
    /// <summary>How many at most.</summary>
    /// <value>1 or more; null, the default, for all.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? Limit
    {
        get;
        init
        {
            if (value is { } limit)
                ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
            field = value;
        }
    }

    /// <summary>The last message of the page before: only those behind it are listed. Null for the first page.</summary>
    public StoredVoiceMessage? Before { get; init; }

    /// <summary>Only those of this direction; null for both.</summary>
    public VoiceMessageDirection? Direction { get; init; }

    /// <summary>Only those from this sender, by the exact text; empty for those without one; null for all.</summary>
    public string? Sender { get; init; }

    /// <summary>Only those of this conversation, by the exact text; empty for those without one; null for all.</summary>
    public string? Conversation { get; init; }

    /// <summary>Only those that were listened to, or only those that were not; null for all.</summary>
    public bool? IsPlayed { get; init; }

    /// <summary>Only those that were forwarded, or only those that were not; null for all.</summary>
    public bool? IsForwarded { get; init; }

    /// <summary>Only those of this time or later; null for all.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only those before this time; null for all.</summary>
    public DateTimeOffset? Until { get; init; }
}
