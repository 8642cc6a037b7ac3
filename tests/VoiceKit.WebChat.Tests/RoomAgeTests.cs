using VoiceKit.Tests.Support;
using VoiceKit.WebChat.Limits;
using VoiceKit.WebChat.Rooms;
using VoiceKit.WebChat.Tests.Support;

namespace VoiceKit.WebChat.Tests;

/// <summary>
/// Rooms that are deleted when nobody opens them for long: those that are used are not, whatever happens to the server.
/// </summary>
public class RoomAgeTests
{
    private static readonly TimeSpan Age = TimeSpan.FromDays(30);

    [Fact]
    public async Task A_room_that_was_used_when_the_server_was_killed_is_kept()
    {
        using var temporary = new TemporaryFolder();
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        var options = new ChatOptions { Folder = temporary.Path, MaxRoomAge = Age, MinFreeBytes = 0 };
        string path, token;
        using (var folder = new ChatFolder(options))
        {
            var (rooms, key) = Open(folder, options, clock);
            token = key.NewToken();
            path = Path.Combine(folder.Rooms, key.FolderNameOf(token));
            Directory.CreateDirectory(path);
            using (var use = rooms.Enter(token))
                Assert.NotNull(use.Room.Store);
            for (var day = 0; day < 40; day++)
            {
                clock.Advance(TimeSpan.FromDays(1));
                using var use = rooms.Enter(token);
                await rooms.SweepAsync();
            }

            // It is killed: nothing is closed but the lock, by the system.
        }

        using (var folder = new ChatFolder(options))
        {
            var (rooms, _) = Open(folder, options, clock);
            clock.Advance(TimeSpan.FromDays(20));
            rooms.DeleteUnused();
            Assert.True(Directory.Exists(path));
            clock.Advance(TimeSpan.FromDays(11));
            rooms.DeleteUnused();
            Assert.False(Directory.Exists(path));
        }
    }

    [Fact]
    public void A_room_that_could_not_be_opened_is_opened_the_next_time()
    {
        using var temporary = new TemporaryFolder();
        var options = new ChatOptions { Folder = temporary.Path, MinFreeBytes = 0 };
        using var folder = new ChatFolder(options);
        var (rooms, key) = Open(folder, options, new ManualTimeProvider(DateTimeOffset.UtcNow));
        var token = key.NewToken();
        var path = Path.Combine(folder.Rooms, key.FolderNameOf(token));
        Directory.CreateDirectory(path);
        var inTheWay = Path.Combine(path, "Received");
        File.WriteAllText(inTheWay, "");
        var room = rooms.Get(token);
        Assert.ThrowsAny<IOException>(() => room.Store);
        Assert.ThrowsAny<IOException>(() => room.Store);

        File.Delete(inTheWay);
        Assert.NotNull(room.Store);
        Assert.Same(room.Store, room.Store);
    }

    [Fact]
    public async Task A_tab_that_is_open_uses_its_room()
    {
        using var temporary = new TemporaryFolder();
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        var options = new ChatOptions { Folder = temporary.Path, MaxRoomAge = Age, MinFreeBytes = 0 };
        using var folder = new ChatFolder(options);
        var (rooms, key) = Open(folder, options, clock);
        var token = key.NewToken();
        var path = Path.Combine(folder.Rooms, key.FolderNameOf(token));
        Directory.CreateDirectory(path);
        var room = rooms.Get(token);
        Assert.NotNull(room.Store);
        using var end = new CancellationTokenSource();
        await using var events = room.Events.FollowAsync("a", end.Token).GetAsyncEnumerator(end.Token);
        Assert.True(await events.MoveNextAsync());
        var noted = Directory.GetLastWriteTimeUtc(path);
        for (var minute = 0; minute < 30; minute++)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            await rooms.SweepAsync();
        }

        Assert.Equal(noted, Directory.GetLastWriteTimeUtc(path)); // Not each time.
        clock.Advance(TimeSpan.FromDays(40));
        await rooms.SweepAsync();
        Assert.Equal(clock.GetUtcNow().UtcDateTime, Directory.GetLastWriteTimeUtc(path), TimeSpan.FromMinutes(1));
        await end.CancelAsync();
    }

    [Theory]
    [InlineData(366)]
    [InlineData(-366)]
    public void A_clock_that_is_set_deletes_nothing(int days)
    {
        using var temporary = new TemporaryFolder();
        var clock = new SetClock();
        var options = new ChatOptions { Folder = temporary.Path, MaxRoomAge = Age, MinFreeBytes = 0 };
        using var folder = new ChatFolder(options);
        var (rooms, key) = Open(folder, options, clock);
        var token = key.NewToken();
        var path = Path.Combine(folder.Rooms, key.FolderNameOf(token));
        Directory.CreateDirectory(path);
        clock.Offset = TimeSpan.FromDays(days);
        rooms.DeleteUnused();
        Assert.True(Directory.Exists(path));

        // A use while the clock is wrong does not make the room older.
        Assert.NotNull(rooms.Get(token).Store);
        Assert.True(Directory.GetLastWriteTimeUtc(path) > DateTime.UtcNow.AddHours(-1));
        clock.Offset = TimeSpan.Zero;
        rooms.DeleteUnused();
        Assert.True(Directory.Exists(path));
    }

    [Fact]
    public async Task Messages_of_a_server_that_is_killed_are_there()
    {
        using var folder = new TemporaryFolder();
        await using var server = ChatProcess.Start(folder["chat"], "--days", "30");
        using var room = await server.NewRoomAsync();
        for (var i = 0; i < 4; i++)
            await room.SendAsync(Fixtures.Recording("chromium-mono.webm"));
        await server.KillAsync();

        // The folder is as old as its last use, which was just now.
        var path = Assert.Single(Directory.GetDirectories(Path.Combine(folder["chat"], "rooms")));
        Assert.True(Directory.GetLastWriteTimeUtc(path) > DateTime.UtcNow.AddHours(-1));
        await server.StartAgainAsync();
        Assert.Equal(4, (await room.ListAsync()).Count);
    }

    private static (ChatRooms Rooms, RoomKey Key) Open(ChatFolder folder, ChatOptions options, TimeProvider clock)
    {
        var key = new RoomKey(folder);
        return (new ChatRooms(folder, key, options, new DiskSpace(options, clock), clock), key);
    }

    /// <summary>A clock that somebody sets. What time has passed it tells all the same.</summary>
    private sealed class SetClock : TimeProvider
    {
        public TimeSpan Offset { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;
    }
}
