using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;
using VoiceKit.Ogg;

namespace VoiceKit.Storage;

/// <summary>
/// The file of an index: a header, entries in their order, and behind them the changes since, in the order in which they came.
/// All records have one size, so that a place is found without reading what is before it. Whoever uses it has the lock.
/// </summary>
internal sealed class IndexFile : IDisposable
{
    private const int HeaderSize = 64;
    private const int ChecksumAt = 56;
    private const int Chunk = 64;
    private const int ChunkSize = Chunk * IndexEntry.RecordSize;

    private readonly StoreDisk _disk;
    private readonly SafeFileHandle? _file;
    private readonly MemoryStream? _memory;

    // An index is opened for every change of a store.
    private byte[]? _chunk = ArrayPool<byte>.Shared.Rent(ChunkSize);

    // While the lock is held, nobody else changes it.
    private long _length;

    private IndexFile(StoreDisk disk, SafeFileHandle file) =>
        (_disk, _file, _length) = (disk, file, RandomAccess.GetLength(file));

    private IndexFile(StoreDisk disk, MemoryStream memory) => (_disk, _memory) = (disk, memory);

    private static ReadOnlySpan<byte> Magic => "VKINDEX\x02"u8;

    /// <summary>How many changes can be added at once.</summary>
    public static int MaxAppend => Chunk;

    /// <summary>Tells this file from the one that was there before it.</summary>
    public long Generation { get; private set; }

    /// <summary>How many entries are in order.</summary>
    public long SortedCount { get; private set; }

    /// <summary>How many of those are of files that could not be read.</summary>
    public long UnreadCount { get; private set; }

    /// <summary>How many changes are behind them.</summary>
    public long ChangeCount => (_length - HeaderSize) / IndexEntry.RecordSize - SortedCount;

    /// <summary>When each folder changed last, and when that was seen, as far as the entries go.</summary>
    public IndexStamps Stamps { get; private set; }

    /// <summary>Opens an index; null when there is none, or none that can be used.</summary>
    public static IndexFile? TryOpen(StoreDisk disk, string path)
    {
        if (TryOpenHandle(path) is not { } handle)
            return null;
        var index = new IndexFile(disk, handle);
        try
        {
            if (index.TryReadHeader())
                return index;
        }
        catch (InvalidDataException)
        {
            // It is as good as none.
        }

        index.Dispose();
        return null;
    }

    /// <summary>Writes an index in the place of the one that was there. It is a cache: nothing is flushed to the disk.</summary>
    /// <param name="folder">The store.</param>
    /// <param name="path">The index.</param>
    /// <param name="stamps">What the folders looked like.</param>
    /// <param name="sorted">The entries in their order.</param>
    /// <param name="old">The old index, from which they may come; closed before the new one takes its name.</param>
    /// <exception cref="IOException">The index could not be written; the old one is still there.</exception>
    public static void Replace(
        StoreFolder folder, string path, IndexStamps stamps, IEnumerable<IndexEntry> sorted, IndexFile? old = null)
    {
        var temporary = folder.CreateTemporary(out var temporaryPath);
        try
        {
            using (temporary)
            using (var index = new IndexFile(folder.Disk, temporary.SafeFileHandle))
                index.Fill(stamps, sorted);
            old?.Dispose();
            folder.Disk.Move(temporaryPath, path, overwrite: true);
        }
        catch
        {
            folder.Disk.Delete(temporaryPath);
            throw;
        }
    }

    /// <summary>Makes an index that is in no file, for a disk without room for one, or one that cannot be written.</summary>
    public static IndexFile InMemory(StoreDisk disk, IndexStamps stamps, IEnumerable<IndexEntry> sorted)
    {
        var index = new IndexFile(disk, new MemoryStream());
        index.Fill(stamps, sorted);
        return index;
    }

    /// <summary>Adds changes, at most <see cref="MaxAppend"/>.</summary>
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

    /// <summary>Reads the entries that are in order, from the first behind an entry on; null for one that is broken.</summary>
    /// <param name="after">The entry; null for the start.</param>
    public IEnumerable<IndexEntry?> OldestFirst(IndexEntry? after)
    {
        var start = after is null ? 0 : FindFirst(after.Time);
        var entries = Records(start, SortedCount).Select(record => record.Entry);
        return after is null ? entries : entries.Where(entry => entry is null || entry.CompareTo(after) > 0);
    }

    /// <summary>Reads the entries that a filter wants, backwards, from the last before an entry.</summary>
    /// <param name="before">The entry; null for the end.</param>
    /// <param name="filter">Which ones.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The entries; null for one that is broken.</returns>
    public IEnumerable<IndexEntry?> NewestFirst(IndexEntry? before, IndexFilter filter, CancellationToken cancellationToken)
    {
        var first = filter.Since == long.MinValue ? 0 : FindFirst(filter.Since);
        var end = filter.Until == long.MaxValue ? SortedCount : FindFirst(filter.Until);
        if (before is not null)
            end = Math.Min(end, FindFirst(before.Time + 1));
        var wanted = new List<IndexEntry?>();
        while (end > first)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var start = Math.Max(first, end - Chunk);
            AddWanted(start, end, filter, wanted);
            for (var i = wanted.Count - 1; i >= 0; i--)
            {
                if (before is null || wanted[i] is not { } entry || entry.CompareTo(before) < 0)
                    yield return wanted[i];
            }

            wanted.Clear();
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

        var bytes = Encoding.UTF8.GetBytes(id);
        return Scan(record => IndexEntry.HasId(record, bytes));
    }

    /// <summary>Finds the entries of files that could not be read, among those that are in order.</summary>
    public List<IndexEntry> FindUnread() => UnreadCount == 0
        ? []
        : Scan(record => (IndexEntry.FlagsOf(record) & IndexFlags.IsUnread) != 0);

    /// <summary>Calls for each record that is in order, with its number and its bytes.</summary>
    public void Visit(Action<long, ReadOnlySpan<byte>> visit)
    {
        for (var at = 0L; at < SortedCount; at += Chunk)
        {
            var records = ReadChunk(at, SortedCount);
            for (var number = at; !records.IsEmpty; number++, records = records[IndexEntry.RecordSize..])
                visit(number, records[..IndexEntry.RecordSize]);
        }
    }

    /// <summary>Reads one record that is in order; null when it is broken or of another file.</summary>
    public IndexEntry? ReadIf(long number, VoiceMessageDirection direction, ReadOnlySpan<byte> name)
    {
        Span<byte> record = stackalloc byte[IndexEntry.RecordSize];
        return Read(record, PlaceOf(number)) == record.Length && IndexEntry.HasName(record, direction, name)
            ? IndexEntry.Read(record, out _)
            : null;
    }

    /// <summary>Closes the file. An index that is in memory can be used on.</summary>
    public void Dispose()
    {
        if (_file is null)
            return;
        _file.Dispose();
        if (Interlocked.Exchange(ref _chunk, null) is { } chunk)
            ArrayPool<byte>.Shared.Return(chunk);
    }

    private static SafeFileHandle? TryOpenHandle(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
        }
        catch (Exception exception) when (StoreDisk.IsReadOnly(exception))
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static long PlaceOf(long record) => HeaderSize + record * IndexEntry.RecordSize;

    private void AddWanted(long start, long end, IndexFilter filter, List<IndexEntry?> wanted)
    {
        for (var records = ReadChunk(start, end); !records.IsEmpty; records = records[IndexEntry.RecordSize..])
        {
            var record = records[..IndexEntry.RecordSize];
            if (!IndexEntry.IsWhole(record))
                wanted.Add(null);
            else if (filter.Matches(record))
                wanted.Add(IndexEntry.Read(record, out _));
        }
    }

    private List<IndexEntry> Scan(Func<ReadOnlySpan<byte>, bool> isWanted)
    {
        var found = new List<IndexEntry>();
        Visit((number, record) =>
        {
            if (isWanted(record) && IndexEntry.Read(record, out _) is { } entry)
                found.Add(entry);
        });
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
        var read = Read(bytes, PlaceOf(at));
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
            UnreadCount += entry.IsUnread ? 1 : 0;
            if (++filled < Chunk)
                continue;
            Write(_chunk.AsSpan(0, ChunkSize), place);
            place += ChunkSize;
            filled = 0;
        }

        Write(_chunk.AsSpan(0, filled * IndexEntry.RecordSize), place);
        WriteHeader();
    }

    private int Read(Span<byte> bytes, long at)
    {
        if (_file is null)
        {
            _memory!.Position = at;
            return _memory.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        }

        var read = 0;
        try
        {
            while (read < bytes.Length && RandomAccess.Read(_file, bytes[read..], at + read) is > 0 and var count)
                read += count;
        }
        catch (IOException exception)
        {
            throw new InvalidDataException("The index cannot be read.", exception);
        }

        return read;
    }

    private void Write(ReadOnlySpan<byte> bytes, long at)
    {
        if (_file is not null)
        {
            _disk.Write(_file, bytes, at);
        }
        else
        {
            _memory!.Position = at;
            _memory.Write(bytes);
        }

        _length = Math.Max(_length, at + bytes.Length);
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
        UnreadCount = BinaryPrimitives.ReadInt64LittleEndian(header[48..]);
        return SortedCount >= 0 && SortedCount <= (_length - HeaderSize) / IndexEntry.RecordSize;
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
        BinaryPrimitives.WriteInt64LittleEndian(header[48..], UnreadCount);
        BinaryPrimitives.WriteUInt32LittleEndian(header[ChecksumAt..], OggCrc.Update(0, header[..ChecksumAt]));
        Write(header, 0);
    }
}
