using System.Globalization;
using System.Security.Cryptography;
using VoiceKit.Tests.Support;
using VoiceKit.WebChat.Limits;
using VoiceKit.WebChat.Messages;
using VoiceKit.WebChat.Rooms;
using VoiceKit.WebChat.Tests.Support;

namespace VoiceKit.WebChat.Tests;

/// <summary>What is shared between addresses: places, turns, bytes of the disk.</summary>
public class FairnessTests
{
    [Fact]
    public void An_address_has_its_share_of_places_and_no_more()
    {
        var places = new FairPlaces(most: 10, mostOfAddress: 2);
        using var first = places.Take("a", Never, "places");
        using var second = places.Take("a", Never, "places");
        Assert.Equal(429, Assert.Throws<ChatException>(() => places.Take("a", Never, "places")).Status);
        second.Dispose();
        second.Dispose();
        Assert.Equal(1, places.Count);
        using var third = places.Take("a", Never, "places");
        Assert.Equal(2, places.Count);
    }

    [Fact]
    public void Who_comes_last_gets_a_place_of_those_who_have_most()
    {
        var places = new FairPlaces(most: 6, mostOfAddress: 4);
        var lost = new List<string>();
        foreach (var name in new[] { "a1", "a2", "a3", "a4", "b1", "b2" })
            places.Take(name[..1], () => lost.Add(name), "places");
        using var c = places.Take("c", Never, "places");
        Assert.Equal(["a1"], lost);
        using var d = places.Take("d", Never, "places");
        Assert.Equal(["a1", "a2"], lost);
        places.Take("e", Never, "places");
        Assert.Equal(3, lost.Count);
        places.Take("f", Never, "places");
        Assert.Equal(4, lost.Count);

        // Now each has one: what one has, another does not get.
        Assert.Equal(503, Assert.Throws<ChatException>(() => places.Take("g", Never, "places")).Status);
        Assert.Equal(503, Assert.Throws<ChatException>(() => places.Take("c", Never, "places")).Status);
        Assert.Equal(6, places.Count);
    }

    [Fact]
    public async Task Turns_come_address_by_address()
    {
        var turns = new FairTurns(most: 1, mostOfAddress: 1);
        var done = new List<string>();
        var gate = new TaskCompletionSource<bool>();
        var works = new List<Task> { turns.RunAsync("a", () => gate.Task, default) };
        foreach (var name in new[] { "a1", "a2", "a3", "b1", "b2", "c1" })
            works.Add(turns.RunAsync(name[..1], () => Note(name), default));
        using var gone = new CancellationTokenSource();
        var left = turns.RunAsync("a", () => Note("left"), gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        gate.SetResult(true);
        await Task.WhenAll(works);
        Assert.Equal(["a1", "b1", "c1", "a2", "b2", "a3"], done);
        await turns.RunAsync("a", () => Note("later"), default);

        Task<bool> Note(string name)
        {
            done.Add(name);
            return Task.FromResult(true);
        }
    }

    [Fact]
    public async Task An_address_does_not_have_all_turns()
    {
        var turns = new FairTurns(most: 3, mostOfAddress: 2);
        var gate = new TaskCompletionSource<bool>();
        var works = Enumerable.Range(0, 20).Select(_ => turns.RunAsync("a", () => gate.Task, default)).ToList();
        Assert.True(await turns.RunAsync("b", () => Task.FromResult(true), default));
        Assert.DoesNotContain(works, work => work.IsCompleted);
        await Assert.ThrowsAsync<IOException>(() => turns.RunAsync<bool>("b", () => throw new IOException(), default));
        Assert.True(await turns.RunAsync("b", () => Task.FromResult(true), default));
        gate.SetResult(true);
        await Task.WhenAll(works);
    }

    [Fact]
    public async Task Short_messages_do_not_wait_for_long_ones()
    {
        using var temporary = new TemporaryFolder();
        var options = new ChatOptions { Folder = temporary.Path };
        using var folder = new ChatFolder(options);
        using var background = new BackgroundScheduler();
        var maker = new MessageMaker(folder, options, background);
        using var gate = new ManualResetEventSlim();
        var works =
            Enumerable.Range(0, 20).Select(i => maker.RunAsync($"{i % 5}", isLong: true, WaitAtTheGate, default)).ToList();
        Assert.True(await maker.RunAsync("another", isLong: false, () => true, default));
        gate.Set();
        await Task.WhenAll(works);

        bool WaitAtTheGate() => gate.Wait(Until.Patience);
    }

    [Fact]
    public async Task Work_in_the_background_lets_others_go_first()
    {
        using var background = new BackgroundScheduler();
        var (name, nice) = await Task.Factory.StartNew(
            () => (Thread.CurrentThread.Name, OperatingSystem.IsLinux() ? NiceOfThisThread() : 10),
            CancellationToken.None,
            TaskCreationOptions.DenyChildAttach,
            background);
        Assert.Equal("Background", name);
        Assert.InRange(nice, 10, 19);
        await Assert.ThrowsAsync<IOException>(() => Task.Factory.StartNew(
            () => throw new IOException(), CancellationToken.None, TaskCreationOptions.DenyChildAttach, background));

        // proc(5): behind the name in brackets, the 17th field.
        static int NiceOfThisThread() => int.Parse(
            File.ReadAllText("/proc/thread-self/stat").Split(") ")[^1].Split(' ')[16], CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Bytes_are_counted_as_they_come()
    {
        var clock = new ManualTimeProvider();
        var free = 1000L << 20;
        var looks = 0;
        var options = new ChatOptions
        {
            Folder = "",
            MinFreeBytes = 100 << 20,
            MaxUnfinishedBytes = 200 << 20,
            MaxUnfinishedBytesOfAddress = 120 << 20,
            BytesOfAddress = (1L << 40, 0),
        };
        var disk = new DiskSpace(options, clock, () =>
        {
            looks++;
            return free;
        });
        disk.Check();
        using var a = disk.Share("a");
        using var b = disk.Share("b");
        using var c = disk.Share("c");
        a.Add(120 << 20);
        Assert.Equal(429, Assert.Throws<ChatException>(() => a.Add(1)).Status);
        b.Add(80 << 20);
        Assert.Equal(503, Assert.Throws<ChatException>(() => c.Add(1)).Status);
        a.Dispose();
        a.Dispose();
        Assert.Equal(80 << 20, disk.Unfinished);

        // Others fill the disk while an upload runs: it is noticed within a megabyte.
        var before = looks;
        free = 101 << 20;
        Assert.Equal(507, Assert.Throws<ChatException>(() =>
        {
            for (var i = 0; i < 200; i++)
                c.Add(16 << 10);
        }).Status);
        Assert.InRange(looks - before, 1, 100);
        Assert.InRange(disk.Unfinished, 80 << 20, (82 << 20) - 1);
        Assert.Equal(507, Assert.Throws<ChatException>(disk.Check).Status);
        free = 1000L << 20;
        disk.Check();
    }

    [Fact]
    public void What_an_address_sends_in_an_hour_is_bounded()
    {
        var clock = new ManualTimeProvider();
        var options = new ChatOptions { Folder = "", MinFreeBytes = 0, BytesOfAddress = (1000, 600) };
        var disk = new DiskSpace(options, clock, () => 1L << 40);
        Send("a", 1000);
        Assert.Equal(429, Assert.Throws<ChatException>(() => Send("a", 1)).Status);
        Send("b", 1000);
        clock.Advance(TimeSpan.FromSeconds(30));
        Send("a", 300);
        Assert.Equal(429, Assert.Throws<ChatException>(() => Send("a", 1)).Status);

        // Many addresses are forgotten when they have all that they can have.
        var buckets = new TokenBuckets(1, 1, clock);
        for (var i = 0; i < 100_000; i++)
        {
            Assert.True(buckets.TryTake($"{i}", 1));
            Assert.False(buckets.TryTake($"{i}", 1));
            clock.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.InRange(buckets.Count, 1, 600);

        void Send(string address, long count)
        {
            using var share = disk.Share(address);
            share.Add(count);
        }
    }

    [Fact]
    public async Task A_refused_message_in_a_room_costs_little_and_not_for_long()
    {
        using var temporary = new TemporaryFolder();
        var options = new ChatOptions { Folder = temporary.Path, MessagesOfRoom = (1, 60) };
        using var folder = new ChatFolder(options);
        var clock = new ManualTimeProvider();
        var key = new RoomKey(folder);
        using var rooms = new ChatRooms(folder, key, options, new DiskSpace(options, clock), clock);
        var count = new RoomCount(folder, options, clock);
        new ChatRoom(temporary["warm"], count, options, clock).TakeTurn();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var room = new ChatRoom(temporary["room"], count, options, clock);
        room.TakeTurn();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 1024);
        Assert.Equal(429, Assert.Throws<ChatException>(room.TakeTurn).Status);

        var token = key.NewToken();
        var first = rooms.Get(token);
        first.TakeTurn();
        clock.Advance(TimeSpan.FromSeconds(11));
        await rooms.SweepAsync();
        Assert.NotSame(first, rooms.Get(token));
    }

    [Fact]
    public void An_address_begins_so_many_rooms_and_no_more()
    {
        using var temporary = new TemporaryFolder();
        var options = new ChatOptions { Folder = temporary.Path, MaxRooms = 4, RoomsOfAddress = (2, 1) };
        using var folder = new ChatFolder(options);
        Directory.CreateDirectory(Path.Combine(folder.Rooms, Convert.ToHexString(RandomNumberGenerator.GetBytes(8))));
        var clock = new ManualTimeProvider();
        var count = new RoomCount(folder, options, clock);
        count.CheckAndCount("a");
        count.CheckAndCount("a");
        Assert.Equal(429, Assert.Throws<ChatException>(() => count.CheckAndCount("a")).Status);
        count.CheckAndCount("b");
        Assert.Equal(503, Assert.Throws<ChatException>(() => count.CheckAndCount("b")).Status);
        Assert.Equal(503, Assert.Throws<ChatException>(count.Check).Status);
        count.Forget();
        count.Check();
    }

    private static void Never() => Assert.Fail("A place is taken away.");
}
