using System.Buffers.Binary;
using VoiceKit.Ogg;
using VoiceKit.Storage;

namespace VoiceKit.Fuzz.Targets;

/// <summary>
/// The index of a store, with its checksums made right as often as not. What it tells has right checksums, is found again, and
/// comes in the order in which it stands; nothing is written.
/// </summary>
public sealed class IndexTarget : FuzzTarget, IDisposable
{
    private const int HeaderSize = 64;
    private const int HeaderChecksumAt = 56;
    private const int RecordChecksumAt = 4;

    private readonly DirectoryInfo _folder = Memory.NewFolder();
    private readonly string _path;

    public IndexTarget(ITestOutputHelper output)
        : base(output) => _path = Path.Combine(_folder.FullName, "index");

    protected override int Runs => 3000;

    public void Dispose() => _folder.Delete(recursive: true);

    protected override IReadOnlyList<byte[]> MakeSeeds() => Seeds.Indexes;

    // Each record is read in three ways, and its texts take two bytes a character.
    protected override long SizeOf(byte[] input) => 16L * input.Length;

    protected override void Read(byte[] input)
    {
        var bytes = input.Length % 2 == 0 ? input : Seal(input);
        File.WriteAllBytes(_path, bytes);
        if (IndexFile.TryOpen(StoreDisk.Default, _path) is not { } index)
            return;
        using (index)
            Read(index);
        Assert.True(File.ReadAllBytes(_path).AsSpan().SequenceEqual(bytes), "The index is written to.");
    }

    private static void Read(IndexFile index)
    {
        index.TryReadChanges(0, (entry, _) => Assert.NotNull(entry.Name));
        index.Visit((number, record) => Assert.Equal(IndexEntry.RecordSize, record.Length));
        var oldest = index.OldestFirst(null).ToList();
        Assert.True(oldest.Count <= index.SortedCount);
        var newest = index.NewestFirst(null, new IndexFilter(new VoiceMessageQuery()), CancellationToken.None).ToList();
        Assert.True(newest.Count <= oldest.Count);
        if (oldest.OfType<IndexEntry>().FirstOrDefault(entry => entry.Id.Length > 0) is not { } entry)
            return;
        foreach (var found in index.Find(entry.Id))
            Assert.Equal(entry.Id, found.Id);
        _ = index.OldestFirst(entry).Count();
        _ = index.NewestFirst(entry, new IndexFilter(new VoiceMessageQuery { IsPlayed = false }), CancellationToken.None).Count();
    }

    private static byte[] Seal(byte[] input)
    {
        var bytes = (byte[])input.Clone();
        if (bytes.Length < HeaderSize)
            return bytes;
        BinaryPrimitives.WriteUInt32LittleEndian(
            bytes.AsSpan(HeaderChecksumAt), OggCrc.Update(0, bytes.AsSpan(0, HeaderChecksumAt)));
        for (var at = HeaderSize; at + IndexEntry.RecordSize <= bytes.Length; at += IndexEntry.RecordSize)
        {
            var record = bytes.AsSpan(at, IndexEntry.RecordSize);
            var sum = OggCrc.Update(OggCrc.Update(1, record[..RecordChecksumAt]), record[(RecordChecksumAt + 4)..]);
            BinaryPrimitives.WriteUInt32LittleEndian(record[RecordChecksumAt..], sum);
        }

        return bytes;
    }
}
