using VoiceKit.Storage;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Storage;

public class GroupFlushTests
{
    [Fact]
    public async Task Those_who_come_while_a_flush_is_at_work_share_the_next_one()
    {
        using var isAtWork = new SemaphoreSlim(0);
        using var goOn = new SemaphoreSlim(0);
        var flushes = 0;
        var group = new GroupFlush(() =>
        {
            flushes++;
            isAtWork.Release();
            goOn.Wait();
        });
        var first = Start(group);
        await isAtWork.WaitAsync();
        var waiting = Enumerable.Range(0, 20).Select(_ => Start(group)).ToArray();
        await Task.Delay(200);
        Assert.All(waiting, one => Assert.False(one.IsCompleted));
        goOn.Release();
        await first;
        await isAtWork.WaitAsync();
        Assert.All(waiting, one => Assert.False(one.IsCompleted));
        goOn.Release();

        // Whoever was not there yet when the second flush began does a third.
        var isOver = Task.WhenAll(waiting);
        while (!isOver.IsCompleted)
            goOn.Release();
        await isOver;
        Assert.InRange(flushes, 2, 20);
    }

    [Fact]
    public async Task A_flush_that_fails_fails_for_all_who_waited_for_it_and_for_no_others()
    {
        using var isAtWork = new SemaphoreSlim(0);
        using var goOn = new SemaphoreSlim(0);
        var isBroken = true;
        var group = new GroupFlush(() =>
        {
            isAtWork.Release();
            goOn.Wait();
            if (isBroken)
                throw new IOException("Input/output error");
        });
        var first = Start(group);
        await isAtWork.WaitAsync();
        goOn.Release();
        await Assert.ThrowsAsync<IOException>(() => first);
        isBroken = false;
        goOn.Release(10);
        await Start(group);
    }

    [Fact]
    public async Task Many_adds_at_once_share_flushes_of_the_folder()
    {
        using var folder = new TemporaryFolder();
        var disk = new FolderFlushes();
        using var store = new VoiceMessageStore(folder.Path, new VoiceMessageStoreOptions(), disk);
        disk.Flushes = 0;

        // The first flush ends when the others, as many as may be at work, wait for the next one.
        var sent = store.FolderOf(VoiceMessageDirection.Sent);
        disk.BeforeFlush = () => SpinWait.SpinUntil(() => Directory.GetFiles(sent).Length >= 60, TimeSpan.FromMinutes(2));
        var added = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => store.AddAsync(Stores.Message(i, 1))));
        Assert.Equal(60, added.Select(message => message.Id).Distinct().Count());
        Assert.InRange(disk.Flushes, 1, 20);
        Assert.Equal(60, (await Stores.IdsAsync(store)).Length);
    }

    [Fact]
    public async Task What_could_not_be_made_durable_is_told_and_taken_back()
    {
        using var folder = new TemporaryFolder();
        var disk = new FolderFlushes();
        using var store = new VoiceMessageStore(folder.Path, new VoiceMessageStoreOptions(), disk);
        var kept = await store.AddAsync(Stores.Message(1));
        disk.IsBroken = true;
        await Assert.ThrowsAsync<IOException>(() => store.AddAsync(Stores.Message(2), new() { Id = "again" }));
        disk.IsBroken = false;
        Assert.Equal([kept.Id], await Stores.IdsAsync(store));
        await store.AddAsync(Stores.Message(2), new() { Id = "again" });
        Assert.Equal(2, (await Stores.IdsAsync(store)).Length);
    }

    // A thread for each, as the store has.
    private static Task Start(GroupFlush group) =>
        Task.Factory.StartNew(group.Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private sealed class FolderFlushes : StoreDisk
    {
        private int _flushes;

        public bool IsBroken { get; set; }

        public Action? BeforeFlush { get; set; }

        public int Flushes
        {
            get => _flushes;
            set => _flushes = value;
        }

        public override void FlushFolder(string path)
        {
            Interlocked.Increment(ref _flushes);
            BeforeFlush?.Invoke();
            if (IsBroken)
                throw new IOException("Input/output error", 5);
        }
    }
}
