using System.Collections.Concurrent;
using System.IO.Enumeration;
using System.Runtime.ExceptionServices;

namespace VoiceKit.Storage;

/// <summary>
/// Looks through a store's folders and gives all files in the order of the index. Files are read a run at a time, and each run is
/// put in order on the disk, so that memory holds one run however many files there are.
/// </summary>
internal sealed class IndexBuilder(StoreFolder folder, KnownFiles known) : IDisposable
{
    private const int RunSize = 16 * 1024;

    // Each takes a few megabytes, however many processors there are.
    private const int MaxRunsAtOnce = 4;

    private readonly List<IndexRun> _runs = [];

    /// <summary>Reads what there is.</summary>
    public void Read(CancellationToken cancellationToken)
    {
        var options = new ParallelOptions
        {
            CancellationToken = cancellationToken, MaxDegreeOfParallelism = Math.Min(Environment.ProcessorCount, MaxRunsAtOnce),
        };
        var runs = StoreFolder.Directions.SelectMany(ListFiles).Chunk(RunSize);
        var oneAtATime = Partitioner.Create(runs, EnumerablePartitionerOptions.NoBuffering);
        ThrowFirst(() => Parallel.ForEach(oneAtATime, options, files => AddRun(files, cancellationToken)));
    }

    /// <summary>Gives the entries in their order. Can be called again.</summary>
    public IEnumerable<IndexEntry> Sorted()
    {
        if (_runs.Count == 1)
            return _runs[0].Entries();
        return Merge();
    }

    public void Dispose() => _runs.ForEach(run => run.Dispose());

    private IEnumerable<IndexEntry> Merge()
    {
        var next = new PriorityQueue<IEnumerator<IndexEntry>, IndexEntry>();
        foreach (var run in _runs)
            Go(run.Entries().GetEnumerator());
        while (next.TryDequeue(out var entries, out var entry))
        {
            yield return entry;
            Go(entries);
        }

        void Go(IEnumerator<IndexEntry> entries)
        {
            if (entries.MoveNext())
                next.Enqueue(entries, entries.Current);
            else
                entries.Dispose();
        }
    }

    // While one run is read, the folder is looked through for the next one.
    private void AddRun(IndexEntry[] files, CancellationToken cancellationToken)
    {
        ReadAll(files, cancellationToken);
        Array.Sort(files);
        var run = IndexRun.Keep(folder, files, isOnDisk: files.Length == RunSize);
        lock (_runs)
            _runs.Add(run);
    }

    private void ReadAll(IndexEntry[] files, CancellationToken cancellationToken) => ThrowFirst(() => Parallel.For(
        0, files.Length, new ParallelOptions { CancellationToken = cancellationToken }, i => files[i] = Read(files[i])));

    private IndexEntry Read(IndexEntry file)
    {
        if (known.Find(file) is { } same)
            return same;
        var read = StoreFile.ReadEntry(folder, file);
        return read.IsUnread && known.FindEarlier(file) is { IsMessage: true } earlier
            ? earlier with { Size = file.Size, Modified = file.Modified, IsUnread = true }
            : read;
    }

    private static void ThrowFirst(Action work)
    {
        try
        {
            work();
        }
        catch (AggregateException exception)
        {
            ExceptionDispatchInfo.Throw(exception.Flatten().InnerExceptions[0]);
        }
    }

    // What is no plain file, or has a name that no message has, is none of the store's.
    private IEnumerable<IndexEntry> ListFiles(VoiceMessageDirection direction)
    {
        try
        {
            return new FileSystemEnumerable<IndexEntry>(
                folder[direction],
                (ref FileSystemEntry entry) => new IndexEntry(
                    direction, entry.FileName.ToString(), entry.Length, entry.LastWriteTimeUtc.Ticks),
                new EnumerationOptions
                {
                    AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Directory,
                    IgnoreInaccessible = false, // A folder that cannot be looked into is not an empty one.
                })
            {
                ShouldIncludePredicate = (ref FileSystemEntry entry) =>
                    !entry.IsDirectory && StoreFolder.IsName(entry.FileName),
            };
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    /// <summary>Entries in order: in memory, or in a file that is deleted with it.</summary>
    private sealed class IndexRun : IDisposable
    {
        private readonly IndexEntry[]? _entries;
        private readonly FileStream? _file;
        private readonly StoreFolder? _folder;
        private readonly string _path = "";

        private IndexRun(IndexEntry[] entries) => _entries = entries;

        private IndexRun(StoreFolder folder, FileStream file, string path) => (_folder, _file, _path) = (folder, file, path);

        public static IndexRun Keep(StoreFolder folder, IndexEntry[] entries, bool isOnDisk)
        {
            try
            {
                return isOnDisk ? Write(folder, entries) : new IndexRun(entries);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return new IndexRun(entries); // Without room on the disk it costs memory.
            }
        }

        public IEnumerable<IndexEntry> Entries()
        {
            if (_entries is not null)
                return _entries;
            return Read();
        }

        public void Dispose()
        {
            if (_file is null)
                return;
            _file.Dispose();
            _folder!.Disk.Delete(_path);
        }

        private static IndexRun Write(StoreFolder folder, IndexEntry[] entries)
        {
            var file = folder.CreateTemporary(out var path);
            var run = new IndexRun(folder, file, path);
            try
            {
                var bytes = new byte[IndexFile.MaxAppend * IndexEntry.RecordSize];
                var at = 0L;
                foreach (var some in entries.Chunk(IndexFile.MaxAppend))
                {
                    for (var i = 0; i < some.Length; i++)
                        some[i].Write(bytes.AsSpan(i * IndexEntry.RecordSize));
                    folder.Disk.Write(file.SafeFileHandle, bytes.AsSpan(0, some.Length * IndexEntry.RecordSize), at);
                    at += some.Length * IndexEntry.RecordSize;
                }

                return run;
            }
            catch
            {
                run.Dispose();
                throw;
            }
        }

        private IEnumerable<IndexEntry> Read()
        {
            var bytes = new byte[IndexFile.MaxAppend * IndexEntry.RecordSize];
            for (var at = 0L; RandomAccess.Read(_file!.SafeFileHandle, bytes, at) is > 0 and var count; at += count)
            {
                for (var i = 0; i + IndexEntry.RecordSize <= count; i += IndexEntry.RecordSize)
                {
                    yield return IndexEntry.Read(bytes.AsSpan(i, IndexEntry.RecordSize), out _)
                        ?? throw new IOException("What was just written came back from the disk as something else.");
                }
            }
        }
    }
}
