using VoiceKit.Audio;
using VoiceKit.Importing;
using VoiceKit.LibOpus;
using VoiceKit.Storage;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Storage;

/// <summary>Methods named Async never block on a stream that they are given.</summary>
public class AsyncOnlyTests
{
    private static readonly AudioFormat Mono = new(48_000, 1);

    public static TheoryData<string, bool> Inputs => new(
        from kind in (string[])["opus", "wav", "text"] from canSeek in (bool[])[false, true] select (kind, canSeek));

    [Theory]
    [MemberData(nameof(Inputs))]
    public async Task Importing_and_looking_first(string kind, bool canSeek)
    {
        byte[] bytes = kind switch
        {
            "opus" => Pcm.Encode(Signals.Voice(480_000), Mono),
            "wav" => Wav(),
            _ => "no sound at all"u8.ToArray(),
        };
        var importer = new VoiceImporter(LibOpusCodec.Default);
        if (kind == "text")
        {
            await Assert.ThrowsAsync<VoiceFormatException>(() => importer.ImportAsync(Stream()));
            await Assert.ThrowsAsync<VoiceFormatException>(() => importer.PreviewAsync(Stream()));
            return;
        }

        Assert.Equal(480_000, (await importer.ImportAsync(Stream())).Info.Samples);
        Assert.Equal(TimeSpan.FromSeconds(10), (await importer.PreviewAsync(Stream())).Duration);

        AsyncBody Stream() => new(new MemoryStream(bytes), canSeek);
    }

    [Fact]
    public async Task A_stream_is_left_where_it_stood_when_looking_first_fails_too()
    {
        var importer = new VoiceImporter(LibOpusCodec.Default);
        foreach (var stream in new Stream[] { new MemoryStream(new byte[3000]), new AsyncBody(new MemoryStream(new byte[3000])) })
        {
            stream.Position = 7;
            await Assert.ThrowsAsync<VoiceFormatException>(() => importer.PreviewAsync(stream));
            Assert.Equal(7, stream.Position);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => importer.PreviewAsync(stream, cancellationToken: new CancellationToken(true)));
            Assert.Equal(7, stream.Position);
        }
    }

    [Fact]
    public async Task Backing_up_going_on_restoring_and_reading_the_manifest()
    {
        using var folder = new TemporaryFolder();
        using var store = new VoiceMessageStore(folder["a"], Stores.Fast);
        for (var i = 0; i < 5; i++)
            await store.AddAsync(Stores.Message(i, 100));
        var bytes = new MemoryStream();
        await store.BackupAsync(new AsyncBody(bytes, canSeek: false));
        bytes.SetLength(bytes.Length / 2);
        var report = await store.BackupAsync(new AsyncBody(bytes));
        Assert.InRange(report.ResumedCount, 1, 4);
        Assert.Equal(5, report.ResumedCount + report.WrittenCount);
        Assert.Equal(5, (await VoiceBackupManifest.ReadAsync(new AsyncBody(bytes))).Entries.Count);
        using var other = new VoiceMessageStore(folder["b"], Stores.Fast);
        Assert.Equal(5, (await other.RestoreAsync(new AsyncBody(bytes))).Restored.Count);
        Assert.Equal(await Stores.IdsAsync(store), await Stores.IdsAsync(other));
    }

    private static byte[] Wav()
    {
        using var bytes = new MemoryStream();
        using (var writer = new WavWriter(bytes, Mono, leaveOpen: true))
            writer.Write(Signals.Voice(480_000));
        return bytes.ToArray();
    }
}
