using System.Text;

namespace VoiceKit.Storage;

/// <summary>
/// What an index that does not fit the folders any more knows of single files, by their names: those that have not changed since
/// are not read again. Memory holds a dozen bytes a file.
/// </summary>
internal sealed class KnownFiles
{
    private readonly IndexFile? _file;
    private readonly Dictionary<(VoiceMessageDirection, string), IndexEntry?> _changes;
    private readonly ulong[] _hashes;
    private readonly int[] _numbers;

    /// <summary>Looks through an index.</summary>
    /// <param name="file">The file of the index; stays open. Null when nothing is known.</param>
    /// <param name="changes">The changes behind its entries; null for a file that is gone.</param>
    public KnownFiles(IndexFile? file, Dictionary<(VoiceMessageDirection, string), IndexEntry?> changes)
    {
        _changes = changes;
        _file = file;
        var count = (int)Math.Min(file?.SortedCount ?? 0, Array.MaxLength);
        _hashes = new ulong[count];
        _numbers = new int[count];
        file?.Visit((number, record) =>
        {
            if (number >= count)
                return;
            _hashes[number] = HashOf(IndexEntry.DirectionOf(record), IndexEntry.NameOf(record));
            _numbers[number] = (int)number;
        });
        Array.Sort(_hashes, _numbers);
    }

    /// <summary>What is known of a file; null when nothing is, or when it has changed since.</summary>
    /// <param name="found">The file as it is in its folder.</param>
    public IndexEntry? Find(IndexEntry found) =>
        FindEarlier(found) is { IsUnread: false } known && (known.Size, known.Modified) == (found.Size, found.Modified)
            ? known
            : null;

    /// <summary>What was known of a file, which may have changed since; null when nothing was.</summary>
    /// <param name="found">The file as it is in its folder.</param>
    public IndexEntry? FindEarlier(IndexEntry found) =>
        _changes.TryGetValue(found.Key, out var known) ? known : FindSorted(found);

    private IndexEntry? FindSorted(IndexEntry found)
    {
        if (_hashes.Length == 0)
            return null;
        var name = Encoding.UTF8.GetBytes(found.Name);
        var hash = HashOf(found.Direction, name);
        var at = Array.BinarySearch(_hashes, hash);
        while (at > 0 && _hashes[at - 1] == hash)
            at--;
        for (; at >= 0 && at < _hashes.Length && _hashes[at] == hash; at++)
        {
            if (_file!.ReadIf(_numbers[at], found.Direction, name) is { } known)
                return known;
        }

        return null;
    }

    private static ulong HashOf(VoiceMessageDirection direction, ReadOnlySpan<byte> name)
    {
        var hash = 14695981039346656037UL ^ (ulong)direction;
        foreach (var value in name)
            hash = (hash ^ value) * 1099511628211UL;
        return hash;
    }
}
