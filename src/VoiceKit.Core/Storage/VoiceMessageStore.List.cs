using System.Runtime.CompilerServices;

namespace VoiceKit.Storage;

public sealed partial class VoiceMessageStore
{
    private const int PageSize = 64;
    private const int MaxRounds = 8;

    /// <inheritdoc/>
    /// <remarks>
    /// The index answers the query: the files of those that are listed are opened, and no others. What is added while the loop
    /// goes on is not in it, and what is deleted before the loop gets there is not either. A message that the system fails to
    /// read is listed as one that is not <see cref="StoredVoiceMessage.IsReadable"/>.
    /// </remarks>
    /// <exception cref="ArgumentException">The query's direction is no member of the enumeration.</exception>
    public IAsyncEnumerable<StoredVoiceMessage> ListAsync(
        VoiceMessageQuery? query = null, CancellationToken cancellationToken = default)
    {
        query ??= new VoiceMessageQuery();
        if (query.Direction is { } direction && !Enum.IsDefined(direction))
            throw new ArgumentException("There is no such direction.", nameof(query));
        return ReadAsync(query, cancellationToken);
    }

    private async IAsyncEnumerable<StoredVoiceMessage> ReadAsync(
        VoiceMessageQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pages = new ListedPages(this, query);
        while (!pages.IsEnd)
        {
            var page = await Run(() => pages.Next(cancellationToken), cancellationToken).ConfigureAwait(false);
            foreach (var message in page)
                yield return message;
        }
    }

    // A message says itself where it is in the order, even when it is gone by now.
    private static IndexEntry Locate(StoredVoiceMessage message) => new(message.Direction, Path.GetFileName(message.Path), 0, 0)
    {
        Id = message.Id, Time = message.Time.ToUnixTimeMilliseconds(), IsMessage = true,
    };

    private StoredVoiceMessage? TryRead(IndexEntry entry, CancellationToken cancellationToken) =>
        TryRead(entry, out _, cancellationToken);

    // Null when the file is gone or is no message any more; what the index knows when the system fails to read it.
    private StoredVoiceMessage? TryRead(IndexEntry entry, out Exception? fault, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        fault = null;
        var path = _folder.PathOf(entry.Direction, entry.Name);
        try
        {
            return StoreFile.ReadMessage(path, entry.Direction);
        }
        catch (Exception exception) when (StoreFile.IsFault(exception) && !StoreFile.HasNoHandles(exception))
        {
            fault = exception;
            return StoreFile.DescribeUnread(entry, path);
        }
        catch (Exception exception) when (StoreFile.IsUnreadable(exception) && !StoreFile.HasNoHandles(exception))
        {
            return null;
        }
    }

    // Files that were changed by hand are not what the index says.
    private static bool IsOf(StoredVoiceMessage? message, IndexEntry entry) =>
        message is { IsReadable: false } || (message is not null && !entry.IsUnread && Says(message, entry));

    private static bool Says(StoredVoiceMessage message, IndexEntry entry) =>
        message.Id == entry.Id
        && message.Time.ToUnixTimeMilliseconds() == entry.Time
        && message.IsPlayed == entry.IsPlayed
        && (message.ForwardedCount > 0) == entry.IsForwarded
        && IndexEntry.HashOf(message.Sender) == entry.Sender
        && IndexEntry.HashOf(message.Conversation) == entry.Conversation;

    /// <summary>One listing, as far as it has come.</summary>
    private sealed class ListedPages(VoiceMessageStore store, VoiceMessageQuery query)
    {
        private readonly IndexFilter _filter = new(query);
        private IndexEntry? _last = query.Before is { } before ? Locate(before) : null;
        private int _left = query.Limit ?? int.MaxValue;

        public bool IsEnd { get; private set; }

        // The messages of the next page; none when all of them went away meanwhile.
        public List<StoredVoiceMessage> Next(CancellationToken cancellationToken)
        {
            var limit = Math.Min(_left, PageSize);
            for (var round = 1; ; round++)
            {
                var entries = FindEntries(limit, cancellationToken);
                var read = entries.ConvertAll(entry => store.TryRead(entry, cancellationToken));
                var changed = entries.Where((entry, i) => !IsOf(read[i], entry)).ToList();

                // What was changed by hand belongs elsewhere in the order, perhaps. While files change all the time, there is an
                // end.
                if (changed.Count > 0)
                    store.Correct(changed, cancellationToken);
                if (changed.Count > 0 && round < MaxRounds)
                    continue;
                var page = read.OfType<StoredVoiceMessage>().Where(IsWanted).ToList();
                _left -= page.Count;
                _last = entries.Count > 0 ? entries[^1] : _last;
                IsEnd = entries.Count < limit || _left == 0;
                return page;
            }
        }

        private List<IndexEntry> FindEntries(int limit, CancellationToken cancellationToken)
        {
            using var held = store.TakeLockToRead(cancellationToken);
            return store._index.List(_last, limit, _filter, cancellationToken);
        }

        // Two texts may have one hash, which is all that is known of a message that cannot be read.
        private bool IsWanted(StoredVoiceMessage message) =>
            !message.IsReadable
            || ((query.Sender is null || query.Sender == (message.Sender ?? ""))
                && (query.Conversation is null || query.Conversation == (message.Conversation ?? "")));
    }

    private void Correct(List<IndexEntry> changed, CancellationToken cancellationToken)
    {
        using var held = TakeLockToRead(cancellationToken);
        changed.ForEach(_index.Correct);
    }
}
