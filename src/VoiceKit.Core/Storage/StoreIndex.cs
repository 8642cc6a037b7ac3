namespace VoiceKit.Storage;

/// <summary>
/// The order of the messages in a store, kept in a file that is only a cache: without it, or where it does not fit the folders,
/// it is made anew from them. Memory holds the latest changes, never all entries. Whoever uses it has the lock.
/// </summary>
internal sealed class StoreIndex(StoreFolder folder)
{
    // More changes than this are put in order.
    private const int MaxChanges = 4096;

    private const FileAttributes NotThere = (FileAttributes)(-1);

    private readonly string _path = Path.Combine(folder.Private, "index");
    private readonly Dictionary<(VoiceMessageDirection, string), IndexEntry?> _changes = [];
    private readonly SortedSet<IndexEntry> _changed = [];
    private long _generation;
    private long _changeCount;

    // In the place of a file that cannot be written.
    private IndexFile? _inMemory;

    private static long Now => TimeProvider.System.GetUtcNow().UtcTicks;

    /// <summary>What the folders look like now.</summary>
    public IndexStamps LookAtFolders() => new(
        folder.StampOf(VoiceMessageDirection.Sent),
        folder.StampOf(VoiceMessageDirection.Received),
        Now);

    /// <summary>Lists the entries of messages, the newest first.</summary>
    /// <param name="before">Only those behind it; null for all.</param>
    /// <param name="limit">How many.</param>
    /// <param name="filter">Which ones.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public List<IndexEntry> List(IndexEntry? before, int limit, IndexFilter filter, CancellationToken cancellationToken) =>
        Ask<List<IndexEntry>>(
            file => [.. NewestFirst(file, before, filter, cancellationToken).Take(limit)], cancellationToken);

    /// <summary>Lists the entries of all files, those that are no messages too, the oldest first.</summary>
    /// <param name="after">Only those behind it; null for all.</param>
    /// <param name="limit">How many.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public List<IndexEntry> ListOldest(IndexEntry? after, int limit, CancellationToken cancellationToken) =>
        Ask<List<IndexEntry>>(file => [.. OldestFirst(file, after).Take(limit)], cancellationToken);

    /// <summary>Counts all files, those that are no messages too.</summary>
    public int Count(CancellationToken cancellationToken) => Ask(
        file => _changes.Count == 0 ? (int)file.SortedCount : OldestFirst(file, null).Count(), cancellationToken);

    /// <summary>Finds the entries of an id: one, or more where a file was copied by hand.</summary>
    public List<IndexEntry> Find(string id, CancellationToken cancellationToken)
    {
        return Ask(FindIn, cancellationToken);

        List<IndexEntry> FindIn(IndexFile file)
        {
            var changed = _changed.Where(entry => entry.Id == id);
            var sorted = file.Find(id).Where(entry => !_changes.ContainsKey(entry.Key));
            var found = changed.Concat(sorted).Where(entry => entry.IsMessage).ToList();
            found.Sort();
            return found;
        }
    }

    /// <summary>Finds the entries of files that could not be read and whose ids are not known.</summary>
    public List<IndexEntry> FindUnread(CancellationToken cancellationToken)
    {
        return Ask(FindIn, cancellationToken);

        List<IndexEntry> FindIn(IndexFile file)
        {
            var sorted = file.FindUnread().Where(entry => !_changes.ContainsKey(entry.Key));
            return [.. _changed.Concat(sorted).Where(entry => entry.IsUnread && StoreTags.IsDerived(entry.Id))];
        }
    }

    /// <summary>Takes note of own changes. What cannot be noted is found when the folders are next looked through.</summary>
    /// <param name="before">What the folders looked like before them; the lock was held ever since.</param>
    /// <param name="changes">The entries, and whether they are there.</param>
    public void Note(IndexStamps before, params ReadOnlySpan<(IndexEntry Entry, bool IsThere)> changes)
    {
        _inMemory = null;
        try
        {
            Append(before, changes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            DeleteFile();
        }
    }

    /// <summary>Looks at a file again that was not what its entry says.</summary>
    /// <exception cref="IOException">The system does not say whether it is there.</exception>
    public void Correct(IndexEntry entry)
    {
        var file = new FileInfo(folder.PathOf(entry.Direction, entry.Name));
        var isThere = file.Attributes != NotThere; // Unlike Exists, it throws when the system fails.
        var now = isThere
            ? StoreFile.ReadEntry(folder, new IndexEntry(entry.Direction, entry.Name, file.Length, file.LastWriteTimeUtc.Ticks))
            : null;
        if (now is { IsUnread: true })
            return; // What is known of it stays.
        if (now != entry)
            Note(LookAtFolders(), (now ?? entry, now is not null));
    }

    /// <summary>Gives the files that were there when the folders were last looked at, and are not any more.</summary>
    public List<(VoiceMessageDirection Direction, string Name)> FindMissing(CancellationToken cancellationToken)
    {
        using var file = TryOpen();
        var missing = new List<(VoiceMessageDirection, string)>();
        if (file is null)
            return missing;
        try
        {
            foreach (var entry in OldestFirst(file, null))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!File.Exists(folder.PathOf(entry.Direction, entry.Name)))
                    missing.Add(entry.Key);
            }
        }
        catch (InvalidDataException)
        {
            // The rest of what it knew is lost.
        }

        return missing;
    }

    // What is broken in the file, or cannot be read, is made anew once.
    private T Ask<T>(Func<IndexFile, T> question, CancellationToken cancellationToken)
    {
        using var file = OpenFresh(cancellationToken);
        try
        {
            return question(file);
        }
        catch (InvalidDataException)
        {
            file.Dispose();
            DeleteFile();
            using var other = Rebuild(null, cancellationToken);
            return question(other);
        }
    }

    private void Append(IndexStamps before, ReadOnlySpan<(IndexEntry Entry, bool IsThere)> changes)
    {
        using var file = TryOpen();
        if (file is null)
            return;

        // Unless someone else changed the folders too, their stamps are known.
        file.Append(file.Stamps.IsSame(before) ? LookAgain(before, changes) : file.Stamps, changes);
        foreach (var (entry, isThere) in changes)
            Change(entry, isThere);
        _changeCount = file.ChangeCount;
        if (_changeCount > MaxChanges)
            IndexFile.Replace(folder, _path, file.Stamps, OldestFirst(file, null), file);
    }

    // Only in the folders of the changes something has happened.
    private IndexStamps LookAgain(IndexStamps before, ReadOnlySpan<(IndexEntry Entry, bool IsThere)> changes)
    {
        foreach (var (entry, _) in changes)
        {
            var stamp = folder.StampOf(entry.Direction);
            before = entry.Direction == VoiceMessageDirection.Sent
                ? before with { Sent = stamp }
                : before with { Received = stamp };
        }

        return before with { SeenAt = Now };
    }

    private IndexFile OpenFresh(CancellationToken cancellationToken)
    {
        var stamps = LookAtFolders();
        if (_inMemory is { } memory && memory.Stamps.IsFresh(stamps))
        {
            ReadChanges(memory);
            return memory;
        }

        _inMemory = null;
        var file = TryOpen();
        if (file is null)
            return Rebuild(null, cancellationToken);
        if (file.Stamps.IsFresh(stamps))
            return file;
        try
        {
            using (file)
                return Rebuild(file, cancellationToken);
        }
        catch (InvalidDataException)
        {
            DeleteFile();
            return Rebuild(null, cancellationToken);
        }
    }

    private IndexFile? TryOpen()
    {
        var file = IndexFile.TryOpen(folder.Disk, _path);
        if (file is null || ReadChanges(file))
            return file;
        file.Dispose();
        DeleteFile();
        return null;
    }

    // A folder that cannot be written keeps its index, which is not believed.
    private void DeleteFile()
    {
        _inMemory = null;
        try
        {
            folder.Disk.Delete(_path);
        }
        catch (Exception exception) when (StoreDisk.IsReadOnly(exception) || exception is DirectoryNotFoundException)
        {
            _generation = 0;
        }
    }

    // Another process may have added changes, or put them in order.
    private bool ReadChanges(IndexFile file)
    {
        if (file.Generation != _generation || file.ChangeCount < _changeCount)
        {
            _changes.Clear();
            _changed.Clear();
            _changeCount = 0;
            _generation = file.Generation;
        }

        var isWhole = TryReadChangesOf(file);
        _changeCount = file.ChangeCount;
        if (!isWhole)
            _generation = 0;
        return isWhole;
    }

    private bool TryReadChangesOf(IndexFile file)
    {
        try
        {
            return file.TryReadChanges(_changeCount, Change);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private void Change(IndexEntry entry, bool isThere)
    {
        if (_changes.TryGetValue(entry.Key, out var old) && old is not null)
            _changed.Remove(old);
        _changes[entry.Key] = isThere ? entry : null;
        if (isThere)
            _changed.Add(entry);
    }

    private IEnumerable<IndexEntry> NewestFirst(
        IndexFile file, IndexEntry? before, IndexFilter filter, CancellationToken cancellationToken)
    {
        using var changed = _changed.Reverse()
            .Where(entry => filter.Matches(entry) && (before is null || entry.CompareTo(before) < 0))
            .GetEnumerator();
        var hasChanged = changed.MoveNext();
        foreach (var record in file.NewestFirst(before, filter, cancellationToken))
        {
            var entry = record ?? throw new InvalidDataException("The index is broken.");
            if (_changes.ContainsKey(entry.Key))
                continue;
            for (; hasChanged && changed.Current.CompareTo(entry) > 0; hasChanged = changed.MoveNext())
                yield return changed.Current;
            yield return entry;
        }

        for (; hasChanged; hasChanged = changed.MoveNext())
            yield return changed.Current;
    }

    // A broken entry is left out, and its file found again when the folders are looked through.
    private IEnumerable<IndexEntry> OldestFirst(IndexFile file, IndexEntry? after)
    {
        using var changed = _changed.Where(entry => after is null || entry.CompareTo(after) > 0).GetEnumerator();
        var hasChanged = changed.MoveNext();
        foreach (var entry in file.OldestFirst(after).OfType<IndexEntry>().Where(entry => !_changes.ContainsKey(entry.Key)))
        {
            for (; hasChanged && changed.Current.CompareTo(entry) < 0; hasChanged = changed.MoveNext())
                yield return changed.Current;
            yield return entry;
        }

        for (; hasChanged; hasChanged = changed.MoveNext())
            yield return changed.Current;
    }

    private IndexFile Rebuild(IndexFile? old, CancellationToken cancellationToken)
    {
        var stamps = LookAtFolders();
        using var builder = new IndexBuilder(folder, new KnownFiles(old, old is null ? [] : _changes));
        builder.Read(cancellationToken);
        old?.Dispose();
        return TryWrite(stamps, builder.Sorted()) ?? InMemory(stamps, builder.Sorted());
    }

    private IndexFile? TryWrite(IndexStamps stamps, IEnumerable<IndexEntry> entries)
    {
        try
        {
            IndexFile.Replace(folder, _path, stamps, entries);
            return TryOpen();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // On a full disk messages can be found, and so deleted, all the same; in a folder that cannot be written they can be listed.
    private IndexFile InMemory(IndexStamps stamps, IEnumerable<IndexEntry> entries)
    {
        DeleteFile();
        _inMemory = IndexFile.InMemory(folder.Disk, stamps, entries);
        ReadChanges(_inMemory);
        return _inMemory;
    }
}
