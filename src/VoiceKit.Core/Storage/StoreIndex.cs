using System.IO.Enumeration;

namespace VoiceKit.Storage;

/// <summary>
/// The order of the messages in a store, kept in a file that is only a cache: without it, or where it does not fit the folders, it is
/// made anew from them. Memory holds the latest changes, never all entries. Whoever uses it has the lock.
/// </summary>
internal sealed class StoreIndex(StoreFolder folder)
{
    // More changes than this are put in order.
    private const int MaxChanges = 4096;

    private readonly string _path = Path.Combine(folder.Private, "index");
    private readonly Dictionary<(VoiceMessageDirection, string), IndexEntry?> _changes = [];
    private readonly SortedSet<IndexEntry> _changed = [];
    private long _generation;
    private long _changeCount;

    /// <summary>The file of the index.</summary>
    public string FilePath => _path;

    /// <summary>What the folders look like now.</summary>
    public IndexStamps LookAtFolders() => new(
        folder.StampOf(VoiceMessageDirection.Sent), folder.StampOf(VoiceMessageDirection.Received), DateTime.UtcNow.Ticks);

    /// <summary>Lists entries, the newest first.</summary>
    /// <param name="before">Only those behind it; null for all.</param>
    /// <param name="limit">How many.</param>
    /// <param name="isWanted">Which ones.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public List<IndexEntry> List(
        IndexEntry? before, int limit, Func<IndexEntry, bool> isWanted, CancellationToken cancellationToken)
    {
        using var file = OpenFresh(cancellationToken);
        try
        {
            return [.. Merge(file, before).Where(entry => entry.IsMessage && isWanted(entry)).Take(limit)];
        }
        catch (InvalidDataException)
        {
            file.Dispose();
            using var other = Rebuild(cancellationToken);
            return [.. Merge(other, before).Where(entry => entry.IsMessage && isWanted(entry)).Take(limit)];
        }
    }

    /// <summary>Lists the entries of all files, those that are no messages too, the oldest first.</summary>
    public List<IndexEntry> ListAll(CancellationToken cancellationToken)
    {
        using var file = OpenFresh(cancellationToken);
        return [.. MergeUp(file)];
    }

    /// <summary>Finds the entries of an id: one, or more where a file was copied by hand.</summary>
    public List<IndexEntry> Find(string id, CancellationToken cancellationToken)
    {
        using var file = OpenFresh(cancellationToken);
        var sorted = file.Find(id).Where(entry => !_changes.ContainsKey(entry.Key));
        var found = _changed.Where(entry => entry.Id == id).Concat(sorted).Where(entry => entry.IsMessage).ToList();
        found.Sort();
        return found;
    }

    /// <summary>Takes note of own changes. What cannot be noted is found when the folders are next looked through.</summary>
    /// <param name="before">What the folders looked like before them; the lock was held ever since.</param>
    /// <param name="changes">The entries, and whether they are there.</param>
    public void Note(IndexStamps before, params ReadOnlySpan<(IndexEntry Entry, bool IsThere)> changes)
    {
        try
        {
            Append(before, changes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            folder.Disk.Delete(_path);
        }
    }

    /// <summary>Looks at a file again that was not what its entry says.</summary>
    public void Correct(IndexEntry entry)
    {
        var file = new FileInfo(folder.PathOf(entry.Direction, entry.Name));
        var now = file.Exists ? Read(entry with { Size = file.Length, Modified = file.LastWriteTimeUtc.Ticks, IsMessage = false }) : null;
        if (now != entry)
            Note(LookAtFolders(), (now ?? entry, now is not null));
    }

    /// <summary>Gives the names that were there when the folders were last looked at.</summary>
    public HashSet<(VoiceMessageDirection, string)> KnownNames()
    {
        using var file = TryOpen();
        return file is null ? [] : [.. ReadAll(file).Keys];
    }

    private void Append(IndexStamps before, ReadOnlySpan<(IndexEntry Entry, bool IsThere)> changes)
    {
        using var file = TryOpen();
        if (file is null)
            return;

        // Unless someone else changed the folders too, their stamps are known.
        file.Append(file.Stamps.IsSame(before) ? LookAtFolders() : file.Stamps, changes);
        ReadChanges(file);
        if (_changeCount > MaxChanges)
            IndexFile.Replace(folder, _path, file.Stamps, MergeUp(file), file);
    }

    private IndexFile OpenFresh(CancellationToken cancellationToken)
    {
        var file = TryOpen();
        if (file is null)
            return Rebuild(cancellationToken);
        if (file.Stamps.IsFresh(LookAtFolders()))
            return file;
        var known = ReadAll(file);
        file.Dispose();
        return Rebuild(known, cancellationToken);
    }

    private IndexFile? TryOpen()
    {
        var file = IndexFile.TryOpen(folder.Disk, _path);
        if (file is null || ReadChanges(file))
            return file;
        file.Dispose();
        folder.Disk.Delete(_path);
        return null;
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

        var isWhole = file.TryReadChanges(_changeCount, Change);
        _changeCount = file.ChangeCount;
        if (!isWhole)
            _generation = 0;
        return isWhole;
    }

    private void Change(IndexEntry entry, bool isThere)
    {
        if (_changes.TryGetValue(entry.Key, out var old) && old is not null)
            _changed.Remove(old);
        _changes[entry.Key] = isThere ? entry : null;
        if (isThere)
            _changed.Add(entry);
    }

    // The newest first.
    private IEnumerable<IndexEntry> Merge(IndexFile file, IndexEntry? before)
    {
        using var changed = _changed.Reverse().Where(entry => before is null || entry.CompareTo(before) < 0).GetEnumerator();
        var hasChanged = changed.MoveNext();
        foreach (var record in file.NewestFirst(before))
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
    private IEnumerable<IndexEntry> MergeUp(IndexFile file)
    {
        using var changed = _changed.GetEnumerator();
        var hasChanged = changed.MoveNext();
        foreach (var entry in file.Sorted().OfType<IndexEntry>().Where(entry => !_changes.ContainsKey(entry.Key)))
        {
            for (; hasChanged && changed.Current.CompareTo(entry) < 0; hasChanged = changed.MoveNext())
                yield return changed.Current;
            yield return entry;
        }

        for (; hasChanged; hasChanged = changed.MoveNext())
            yield return changed.Current;
    }

    private Dictionary<(VoiceMessageDirection, string), IndexEntry> ReadAll(IndexFile file)
    {
        var all = new Dictionary<(VoiceMessageDirection, string), IndexEntry>();
        foreach (var entry in file.Sorted().OfType<IndexEntry>().Where(entry => !_changes.ContainsKey(entry.Key)).Concat(_changed))
            all[entry.Key] = entry;
        return all;
    }

    private IndexFile Rebuild(CancellationToken cancellationToken)
    {
        folder.Disk.Delete(_path);
        return Rebuild([], cancellationToken);
    }

    private IndexFile Rebuild(Dictionary<(VoiceMessageDirection, string), IndexEntry> known, CancellationToken cancellationToken)
    {
        var stamps = LookAtFolders();
        var entries = StoreFolder.Directions.SelectMany(ListFiles).ToArray();
        Parallel.For(0, entries.Length, new ParallelOptions { CancellationToken = cancellationToken }, i =>
        {
            var entry = entries[i];
            entries[i] = known.TryGetValue(entry.Key, out var old) && (old.Size, old.Modified) == (entry.Size, entry.Modified)
                ? old
                : Read(entry);
        });
        Array.Sort(entries);
        return TryWrite(stamps, entries) ?? InMemory(stamps, entries);
    }

    private IndexFile? TryWrite(IndexStamps stamps, IndexEntry[] entries)
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

    // On a full disk messages can be found, and so deleted, all the same.
    private IndexFile InMemory(IndexStamps stamps, IndexEntry[] entries)
    {
        var file = IndexFile.InMemory(folder.Disk, stamps, entries);
        ReadChanges(file);
        return file;
    }

    private IndexEntry Read(IndexEntry file)
    {
        try
        {
            var path = folder.PathOf(file.Direction, file.Name);
            var tags = StoreFile.ReadTags(path);
            var time = StoreTags.ReadTime(tags, () => new DateTimeOffset(file.Modified, TimeSpan.Zero));
            return file with
            {
                Id = StoreTags.ReadId(tags, file.Direction, file.Name), Time = time.ToUnixTimeMilliseconds(), IsMessage = true,
            };
        }
        catch (Exception exception) when (StoreFile.IsUnreadable(exception))
        {
            return file;
        }
    }

    // What is no plain file, or has a name that no message has, is none of the store's.
    private FileSystemEnumerable<IndexEntry> ListFiles(VoiceMessageDirection direction) => new(
        folder[direction],
        (ref FileSystemEntry entry) => new IndexEntry(
            direction, entry.FileName.ToString(), "", 0, entry.Length, entry.LastWriteTimeUtc.Ticks, IsMessage: false),
        new EnumerationOptions { AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Directory, IgnoreInaccessible = true })
    {
        ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && StoreFolder.IsName(entry.FileName.ToString()),
    };
}
