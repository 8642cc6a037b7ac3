namespace VoiceKit.Storage;

/// <summary>Up to when an index knows what is in the folders. All in ticks.</summary>
/// <param name="Sent">When a name in Sent was last added or taken away.</param>
/// <param name="Received">The same for Received.</param>
/// <param name="SeenAt">When the folders were looked at.</param>
internal readonly record struct IndexStamps(long Sent, long Received, long SeenAt)
{
    // Two changes so close may leave the same stamp: the coarsest that file systems have.
    private static readonly long Coarseness = TimeSpan.FromSeconds(2).Ticks;

    /// <summary>Those that fit no folder.</summary>
    public static IndexStamps None { get; } = new(-1, -1, 0);

    public bool IsSame(IndexStamps other) => Sent == other.Sent && Received == other.Received;

    /// <summary>Whether nothing can have changed since, given what the folders say now.</summary>
    public bool IsFresh(IndexStamps now)
    {
        if (!IsSame(now))
            return false;

        // A change in the same tick as the last known one is looked for once the tick is over.
        var last = Math.Max(Sent, Received);
        return SeenAt - last > Coarseness || now.SeenAt - last <= Coarseness;
    }
}
