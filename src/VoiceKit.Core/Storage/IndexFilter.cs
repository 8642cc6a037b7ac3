namespace VoiceKit.Storage;

/// <summary>A query in the terms of the index: it tells which records are wanted without reading all of them.</summary>
internal sealed class IndexFilter
{
    // What is known of a file that could not be read. It may be whatever else is asked for.
    private const IndexFlags KnownOfAll = IndexFlags.IsMessage | IndexFlags.IsReceived;

    private readonly IndexFlags _asked;
    private readonly IndexFlags _wanted;
    private readonly ulong? _sender;
    private readonly ulong? _conversation;

    public IndexFilter(VoiceMessageQuery query)
    {
        (IndexFlags Flag, bool? IsSet)[] questions =
        [
            (IndexFlags.IsMessage, true),
            (IndexFlags.IsReceived, query.Direction is { } direction ? direction == VoiceMessageDirection.Received : null),
            (IndexFlags.IsPlayed, query.IsPlayed),
            (IndexFlags.IsForwarded, query.IsForwarded),
        ];
        foreach (var (flag, isSet) in questions)
        {
            _asked |= isSet is null ? 0 : flag;
            _wanted |= isSet == true ? flag : 0;
        }

        _sender = query.Sender is { } sender ? IndexEntry.HashOf(sender) : null;
        _conversation = query.Conversation is { } conversation ? IndexEntry.HashOf(conversation) : null;
        Since = query.Since is { } since ? FirstMillisecond(since) : long.MinValue;
        Until = query.Until is { } until ? FirstMillisecond(until) : long.MaxValue;
    }

    /// <summary>The time from which on messages are wanted, in milliseconds since 1970.</summary>
    public long Since { get; }

    /// <summary>The time before which messages are wanted, in milliseconds since 1970.</summary>
    public long Until { get; }

    public bool Matches(ReadOnlySpan<byte> record) => Matches(
        IndexEntry.FlagsOf(record), IndexEntry.TimeOf(record), IndexEntry.SenderOf(record), IndexEntry.ConversationOf(record));

    public bool Matches(IndexEntry entry) => Matches(entry.Flags, entry.Time, entry.Sender, entry.Conversation);

    private bool Matches(IndexFlags flags, long time, ulong sender, ulong conversation)
    {
        if (time < Since || time >= Until)
            return false;
        if ((flags & IndexFlags.IsUnread) != 0 && sender == 0 && conversation == 0)
            return (flags & _asked & KnownOfAll) == (_wanted & KnownOfAll);
        return (flags & _asked) == _wanted
            && (_sender is null || sender == _sender)
            && (_conversation is null || conversation == _conversation);
    }

    // Times are kept to the millisecond: the first one that is not before a time.
    private static long FirstMillisecond(DateTimeOffset time)
    {
        var milliseconds = time.ToUnixTimeMilliseconds();
        return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) < time ? milliseconds + 1 : milliseconds;
    }
}
