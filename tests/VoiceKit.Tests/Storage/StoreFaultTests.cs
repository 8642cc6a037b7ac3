using VoiceKit.Audio;
using VoiceKit.LibOpus;
using VoiceKit.Storage;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Storage;

/// <summary>Disks that are full or fail, and locks that others hold.</summary>
public class StoreFaultTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task On_a_full_disk_messages_are_listed_and_deleted_and_nothing_else_is_lost(bool isIndexGone)
    {
        using var folder = new TemporaryFolder();
        var disk = new DiskWithoutRoom();
        using var store = new VoiceMessageStore(folder.Path, Stores.Fast, disk);
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
            ids.Add((await store.AddAsync(Stores.Message(i), new() { Time = Stores.Start.AddSeconds(i) })).Id);
        Assert.Equal(5, (await store.ListAsync().ToListAsync()).Count);
        disk.IsFull = true;
        if (isIndexGone)
            File.Delete(Path.Combine(folder.Path, ".voicekit", "index"));

        var exception = await Assert.ThrowsAsync<IOException>(() => store.AddAsync(Stores.Message(9)));
        Assert.Contains("space", exception.Message);
        Assert.True(await store.DeleteAsync(ids[1]));
        Assert.True(await store.DeleteAsync(ids[3]));
        Assert.False(await store.DeleteAsync(ids[3]));
        Assert.Equal([ids[4], ids[2], ids[0]], await Stores.IdsAsync(store));
        Assert.DoesNotContain(Directory.GetFiles(Path.Combine(folder.Path, ".voicekit")), path => path.Contains("new-"));

        disk.IsFull = false;
        var added = await store.AddAsync(Stores.Message(9), new() { Time = Stores.Start.AddDays(1) });
        Assert.Equal([added.Id, ids[4], ids[2], ids[0]], await Stores.IdsAsync(store));
        using var other = new VoiceMessageStore(folder.Path, Stores.Fast);
        Assert.Equal([added.Id, ids[4], ids[2], ids[0]], await Stores.IdsAsync(other));
    }

    [Fact]
    public async Task Every_call_that_fails_is_told_once_and_no_other_call_is()
    {
        using var folder = new TemporaryFolder();
        var disk = new DiskWithoutRoom();
        using var store = new VoiceMessageStore(folder.Path, Stores.Fast, disk);
        var told = new List<Exception>();
        store.Failed += (_, exception) => told.Add(exception);
        var (kept, gone) = (await store.AddAsync(Stores.Message(1)), await store.AddAsync(Stores.Message(2)));
        File.Delete(gone.Path);
        Assert.Null(await store.OpenAsync(gone.Id));
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.AddAsync(Stores.Message(1), new() { Id = kept.Id }));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => store.ListAsync(null, new CancellationToken(true)).ToListAsync().AsTask());
        Assert.Empty(told);

        var nowhere = folder["no/such/file"];

        // A file of the caller's own is not the store's.
        await Assert.ThrowsAnyAsync<IOException>(() => store.ExportAsync(kept.Id, nowhere));
        await Assert.ThrowsAnyAsync<IOException>(() => store.ExportWavAsync(kept.Id, nowhere, LibOpusCodec.Default));
        await Assert.ThrowsAnyAsync<IOException>(
            () => store.ExportAsync(kept.Id, nowhere, LibOpusCodec.Default, new NoExporter()));
        Assert.Empty(told);
        List<Exception> thrown =
        [
            await Assert.ThrowsAsync<VoiceFormatException>(() => store.RestoreAsync(new MemoryStream([1, 2, 3]))),
        ];
        disk.IsFull = true;
        thrown.Add(await Assert.ThrowsAsync<IOException>(() => store.AddAsync(Stores.Message(3))));
        Assert.Equal(thrown, told);
    }

    [Fact]
    public async Task A_message_that_is_there_is_acknowledged_even_when_the_index_has_no_room_for_it()
    {
        using var folder = new TemporaryFolder();
        var disk = new DiskWithoutIndex();
        using var store = new VoiceMessageStore(folder.Path, Stores.Fast, disk);
        var first = await store.AddAsync(Stores.Message(1), new() { Time = Stores.Start });
        Assert.Single(await store.ListAsync().ToListAsync());
        disk.IsFull = true;
        var second = await store.AddAsync(Stores.Message(2), new() { Time = Stores.Start.AddSeconds(1) });
        Assert.Equal([second.Id, first.Id], await Stores.IdsAsync(store));
    }

    [Fact]
    public async Task A_lock_that_cannot_be_made_is_told_at_once()
    {
        Requires.Posix();
        using var folder = new TemporaryFolder();
        using var store = new VoiceMessageStore(folder.Path, Stores.Fast);
        var path = Path.Combine(folder.Path, ".voicekit", "lock");
        File.Delete(path);
        File.CreateSymbolicLink(path, path);

        // A loop of links: an error that is no conflict. Waiting for it would take longer than the token.
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        await Assert.ThrowsAsync<IOException>(() => store.ListAsync(null, late.Token).ToListAsync().AsTask());
    }

    [Fact]
    public void Only_a_conflict_of_locks_is_waited_for()
    {
        using var folder = new TemporaryFolder();
        using var held = new FileStream(folder["lock"], FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        Assert.True(StoreLock.IsBusy(Assert.Throws<IOException>(
            () => new FileStream(folder["lock"], FileMode.Open, FileAccess.ReadWrite, FileShare.None))));
        Assert.False(StoreLock.IsBusy(Assert.Throws<DirectoryNotFoundException>(
            () => new FileStream(folder["no/lock"], FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))));
        Assert.False(StoreLock.IsBusy(new IOException("No space left on device", 28)));
        var exception = Assert.Throws<IOException>(() => new StoreLock(folder["lock"], TimeSpan.Zero).Take(default));
        Assert.Contains("Another process", exception.Message);
    }

    [Fact]
    public async Task Waiting_for_another_can_be_ended()
    {
        using var folder = new TemporaryFolder();
        using var store = new VoiceMessageStore(folder.Path, Stores.Fast);
        await store.ListAsync().ToListAsync();
        using var source = new CancellationTokenSource();
        Task<List<StoredVoiceMessage>>[] waiting;
        using (new FileStream(
            Path.Combine(folder.Path, ".voicekit", "lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            // One of them waits for the other process, the other one for it.
            waiting = [store.ListAsync(null, source.Token).ToListAsync().AsTask(), store.ListAsync(
                null, source.Token).ToListAsync().AsTask()];
            await Task.Delay(200);
            Assert.All(waiting, one => Assert.False(one.IsCompleted));
            source.Cancel();
            foreach (var one in waiting)
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        }

        Assert.Empty(await store.ListAsync().ToListAsync());
    }

    /// <summary>A disk that has room for a message and none for what is written into the index.</summary>
    private sealed class DiskWithoutIndex : StoreDisk
    {
        public bool IsFull { get; set; }

        public override void Write(Microsoft.Win32.SafeHandles.SafeFileHandle file, ReadOnlySpan<byte> bytes, long at)
        {
            if (IsFull)
                throw new IOException("No space left on device", 28);
            base.Write(file, bytes, at);
        }
    }

    private sealed class NoExporter : IVoiceMessageExporter
    {
        public Task ExportAsync(
            StoredVoiceMessage message, IAudioReader source, Stream output, CancellationToken cancellationToken = default) =>
            Task.CompletedTask;
    }
}
