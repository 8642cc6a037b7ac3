using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using VoiceKit.Ogg;

namespace VoiceKit.Storage;

/// <summary>
/// The file of an index: a header, entries in their order, and behind them the changes since, in the order in which they came. All of
/// it has one size a record, so that a place is found without reading what is before it. Whoever uses it has the lock.
/// </summary>
internal sealed class IndexFile : IDisposable
{
    private const int HeaderSize = 64;
    private const int ChecksumAt = 56;
    private const int Chunk = 64;

    private readonly StoreDisk _disk;
    private readonly Stream _file;
    private readonly byte[] _chunk = new byte[Chunk * IndexEntry.RecordSize];

    private IndexFile(StoreDisk disk, Stream file) => (_disk, _file) = (disk, file);

    private static ReadOnlySpan<byte> Magic => "VKINDEX\x01"u8;

    /// <summary>Tells this file from the one that was there before it.</summary>
    public long Generation { get; private set; }

    /// <summary>How many entries are in order.</summary>
    public long SortedCount { get; private set; }

    /// <summary>How many changes are behind them.</summary>
    public long ChangeCount => (_file.Length - HeaderSize) / IndexEntry.RecordSize - SortedCount;

    /// <summary>When each folder changed last, and when that was seen, as far as the entries go.</summary>
    public IndexStamps Stamps { get; private set; }

    /// <summary>Opens an index; null when there is none, or none that can be used.</summary>
    public static IndexFile? TryOpen(StoreDisk disk, string path)
    {
        if (!File.Exists(path))
            return null;
        var index = new IndexFile(disk, new FileStream(path, StoreDisk.PrivateFile(FileMode.Open)));
        if (index.TryReadHeader())
            return index;
        index.Dispose();
        return null;
    }

    /// <summary>Writes an index in the place of the one that was there. It is a cache: nothing is flushed to the disk.</summary>
    /// <param name="folder">The store.</param>
    /// <param name="path">The index.</param>
    /// <param name="stamps">What the folders looked like.</param>
    /// <param name="sorted">The entries in their order.</param>
    /// <param name="old">The old index, from which they may come; closed before the new one takes its name.</param>
    /// <exception cref="IOException">It could not be written; the old one is there still.</exception>
    public static void Replace(
        StoreFolder folder, string path, IndexStamps stamps, IEnumerable<IndexEntry> sorted, IndexFile? old = null)
    {
        var temporary = folder.CreateTemporary(out var temporaryPath);
        try
        {
            using (temporary)
                new IndexFile(folder.Disk, temporary).Fill(stamps, sorted);
            old?.Dispose();
            folder.Disk.Move(temporaryPath, path, overwrite: true);
        }
        catch
        {
            folder.Disk.Delete(temporaryPath);
            throw;
        }
    }

    /// <summary>Makes an index that is in no file, for a disk without room for one.</summary>
    public static IndexFile InMemory(StoreDisk disk, IndexStamps stamps, IEnumerable<IndexEntry> sorted)
    {
        var index = new IndexFile(disk, new MemoryStream());
        index.Fill(stamps, sorted);
        return index;
    }

    /// <summary>Adds changes.</summary>
    public void Append(IndexStamps stamps, params ReadOnlySpan<(IndexEntry Entry, bool IsThere)> changes)
    {
        var bytes = _chunk.AsSpan(0, changes.Length * IndexEntry.RecordSize);
        for (var i = 0; i < changes.Length; i++)
            changes[i].Entry.Write(bytes[(i * IndexEntry.RecordSize)..], changes[i].IsThere);

        // A record that a process was killed over is written over.
        Write(bytes, PlaceOf(SortedCount + ChangeCount));
        SetStamps(stamps);
    }

    public void SetStamps(IndexStamps stamps)
    {
        if (stamps == Stamps)
            return;
        Stamps = stamps;
        WriteHeader();
    }

    /// <summary>Reads changes from one on.</summary>
    /// <returns>False when one of them is broken.</returns>
    public bool TryReadChanges(long from, Action<IndexEntry, bool> take)
    {
        foreach (var (entry, isThere) in Records(SortedCount + from, SortedCount + ChangeCount))
        {
            if (entry is null)
                return false;
            take(entry, isThere);
        }

        return true;
    }

    /// <summary>Reads the entries that are in order, all of them; null for one that is broken.</summary>
    public IEnumerable<IndexEntry?> Sorted() => Records(0, SortedCount).Select(record => record.Entry);

    /// <summary>Reads entries backwards, from the last before an entry.</summary>
    /// <param name="before">The entry; null for the end.</param>
    /// <returns>The entries; null for one that is broken.</returns>
    public IEnumerable<IndexEntry?> NewestFirst(IndexEntry? before)
    {
        var end = before is null ? SortedCount : FindFirst(before.Time + 1);
        while (end > 0)
        {
            var start = Math.Max(0, end - Chunk);
            var records = Records(start, end).ToArray();
            for (var i = records.Length - 1; i >= 0; i--)
            {
                if (before is null || records[i].Entry is not { } entry || entry.CompareTo(before) < 0)
                    yield return records[i].Entry;
            }

            end = start;
        }
    }

    /// <summary>Finds the entries of an id among those that are in order.</summary>
    public IEnumerable<IndexEntry> Find(string id)
    {
        // The times of messages that were not sent when they were made differ from those in their ids.
        if (StoreTags.TimeOf(id) is { } time)
        {
            var near = Records(FindFirst(time), FindFirst(time + 1))
                .Select(record => record.Entry).OfType<IndexEntry>().Where(entry => entry.Id == id).ToArray();
            if (near.Length > 0)
                return near;
        }

        return Scan(Encoding.UTF8.GetBytes(id));
    }

    public void Dispose() => _file.Dispose();

    private static long PlaceOf(long record) => HeaderSize + record * IndexEntry.RecordSize;

    private List<IndexEntry> Scan(byte[] id)
    {
        var found = new List<IndexEntry>();
        for (var at = 0L; at < SortedCount; at += Chunk)
        {
            var records = ReadChunk(at, SortedCount);
            for (; records.Length > 0; records = records[IndexEntry.RecordSize..])
            {
                if (IndexEntry.HasId(records, id) && IndexEntry.Read(records, out _) is { } entry)
                    found.Add(entry);
            }
        }

        return found;
    }

    // The first entry of a time or later.
    private long FindFirst(long time)
    {
        var (low, high) = (0L, SortedCount);
        Span<byte> record = stackalloc byte[IndexEntry.RecordSize];
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            Read(record, PlaceOf(middle));
            if (IndexEntry.TimeOf(record) < time)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private IEnumerable<(IndexEntry? Entry, bool IsThere)> Records(long start, long end)
    {
        for (var at = start; at < end; at += Chunk)
        {
            // Not in the common buffer: what takes them may read others meanwhile.
            var records = ReadChunk(at, end).ToArray();
            for (var i = 0; i < records.Length; i += IndexEntry.RecordSize)
            {
                var entry = IndexEntry.Read(records.AsSpan(i, IndexEntry.RecordSize), out var isThere);
                yield return (entry, isThere);
            }
        }
    }

    private ReadOnlySpan<byte> ReadChunk(long at, long end)
    {
        var bytes = _chunk.AsSpan(0, (int)Math.Min(Chunk, end - at) * IndexEntry.RecordSize);
        var read = 0;
        while (read < bytes.Length && Read(bytes[read..], PlaceOf(at) + read) is > 0 and var count)
            read += count;
        return bytes[..(read / IndexEntry.RecordSize * IndexEntry.RecordSize)];
    }

    private void Fill(IndexStamps stamps, IEnumerable<IndexEntry> sorted)
    {
        (Generation, Stamps) = (Random.Shared.NextInt64(), stamps);
        var filled = 0;
        var place = PlaceOf(0);
        foreach (var entry in sorted)
        {
            entry.Write(_chunk.AsSpan(filled * IndexEntry.RecordSize));
            SortedCount++;
            if (++filled < Chunk)
                continue;
            Write(_chunk, place);
            place += _chunk.Length;
            filled = 0;
        }

        Write(_chunk.AsSpan(0, filled * IndexEntry.RecordSize), place);
        WriteHeader();
    }

    private int Read(Span<byte> bytes, long at)
    {
        _file.Position = at;
        return _file.Read(bytes);
    }

    private void Write(ReadOnlySpan<byte> bytes, long at)
    {
        if (_file is FileStream file)
        {
            _disk.Write(file.SafeFileHandle, bytes, at);
            return;
        }

        _file.Position = at;
        _file.Write(bytes);
    }

    private bool TryReadHeader()
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        if (Read(header, 0) < HeaderSize
            || !header.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(header[ChecksumAt..]) != OggCrc.Update(0, header[..ChecksumAt]))
        {
            return false;
        }

        Generation = BinaryPrimitives.ReadInt64LittleEndian(header[8..]);
        SortedCount = BinaryPrimitives.ReadInt64LittleEndian(header[16..]);
        Stamps = new IndexStamps(
            BinaryPrimitives.ReadInt64LittleEndian(header[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(header[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(header[40..]));
        return SortedCount >= 0 && SortedCount <= (_file.Length - HeaderSize) / IndexEntry.RecordSize;
    }

    private void WriteHeader()
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        header.Clear();
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt64LittleEndian(header[8..], Generation);
        BinaryPrimitives.WriteInt64LittleEndian(header[16..], SortedCount);
        BinaryPrimitives.WriteInt64LittleEndian(header[24..], Stamps.Sent);
        BinaryPrimitives.WriteInt64LittleEndian(header[32..], Stamps.Received);
        BinaryPrimitives.WriteInt64LittleEndian(header[40..], Stamps.SeenAt);
        BinaryPrimitives.WriteUInt32LittleEndian(header[ChecksumAt..], OggCrc.Update(0, header[..ChecksumAt]));
        Write(header, 0);
    }
}
