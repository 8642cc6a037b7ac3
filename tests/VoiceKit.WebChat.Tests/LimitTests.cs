using System.Net;
using Microsoft.Extensions.DependencyInjection;
using VoiceKit.Tests.Support;
using VoiceKit.WebChat.Limits;
using VoiceKit.WebChat.Messages;
using VoiceKit.WebChat.Rooms;
using VoiceKit.WebChat.Tests.Support;

namespace VoiceKit.WebChat.Tests;

/// <summary>What one may take of the server, and for how long.</summary>
public class LimitTests
{
    [Fact]
    public async Task A_room_is_forgotten_when_nobody_uses_it()
    {
        using var temporary = new TemporaryFolder();
        var options = new ChatOptions { Folder = temporary.Path, MinFreeBytes = 0, MessagesOfRoom = (1, 1) };
        using var folder = new ChatFolder(options);
        var clock = new ManualTimeProvider();
        var key = new RoomKey(folder);
        using var rooms = new ChatRooms(folder, key, options, new DiskSpace(options, clock), clock);
        var token = key.NewToken();
        ChatRoom first;
        using (var use = rooms.Enter(token))
        {
            first = use.Room;
            clock.Advance(TimeSpan.FromHours(1));
            await rooms.SweepAsync();
            Assert.Same(first, rooms.Get(token));
        }

        // One that was looked at, no more, is forgotten soon; what a room has taken of its limits is not.
        clock.Advance(TimeSpan.FromSeconds(11));
        await rooms.SweepAsync();
        var second = rooms.Get(token);
        Assert.NotSame(first, second);
        second.TakeTurn();
        clock.Advance(TimeSpan.FromSeconds(50));
        await rooms.SweepAsync();
        Assert.Same(second, rooms.Get(token));
        clock.Advance(TimeSpan.FromSeconds(15));
        await rooms.SweepAsync();
        Assert.NotSame(second, rooms.Get(token));
    }

    [Fact]
    public async Task A_room_that_nobody_opens_is_deleted_when_the_host_wants_it()
    {
        using var temporary = new TemporaryFolder();
        var options = new ChatOptions { Folder = temporary.Path, MaxRoomAge = TimeSpan.FromDays(30) };
        using var folder = new ChatFolder(options);
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        var key = new RoomKey(folder);
        using var rooms = new ChatRooms(folder, key, options, new DiskSpace(options, clock), clock);
        var token = key.NewToken();
        var path = Path.Combine(folder.Rooms, key.FolderNameOf(token));
        Directory.CreateDirectory(path);
        using (var use = rooms.Enter(token))
        {
            Assert.NotNull(use.Room.Store);
            clock.Advance(TimeSpan.FromDays(31));
            rooms.DeleteUnused();
            Assert.True(Directory.Exists(path));
        }

        clock.Advance(TimeSpan.FromHours(1));
        await rooms.SweepAsync();
        rooms.DeleteUnused();
        Assert.True(Directory.Exists(path)); // It was used until an hour ago.
        clock.Advance(TimeSpan.FromDays(31));
        rooms.DeleteUnused();
        Assert.False(Directory.Exists(path));
        Assert.Empty(Directory.GetFileSystemEntries(temporary["unfinished"]));
    }

    [Fact]
    public async Task An_address_has_its_share_whoever_its_persons_are()
    {
        await using var server = await ChatServer.StartAsync(options => options with
        {
            MaxRecordingsOfAddress = 1,
            MaxImportsOfAddress = 2,
            MaxImportsOfPerson = 1,
            MaxConversions = 0,
        });
        using var ann = await server.NewRoomAsync();
        using var ben = ann.Other();
        var id = await UploadTests.BeginAsync(ann);
        using var second = await ben.Http.PostAsync("recordings", null);
        await UploadTests.AssertProblemAsync(429, second);
        using var dropped = await ann.Http.DeleteAsync($"recordings/{id}");
        using var third = await ben.Http.PostAsync("recordings", null);
        Assert.Equal(HttpStatusCode.Created, third.StatusCode);

        // What is being uploaded counts.
        var file = Fixtures.Recording("chromium-mono.webm");
        var unfinished = server.Unfinished.Length;
        using (await UploadTests.SendHeadAsync(ann, "POST", "imports", file.Length))
        {
            await Until.TrueAsync(() => server.Unfinished.Length == unfinished + 1);
            using var more = await ann.Http.PostAsync("imports", new ByteArrayContent(file));
            await UploadTests.AssertProblemAsync(429, more);
        }

        await Until.TrueAsync(() => server.Unfinished.Length == unfinished);
        foreach (var person in new[] { ann, ben })
        {
            using var import = await person.Http.PostAsync("imports", new ByteArrayContent(file));
            Assert.Equal(HttpStatusCode.OK, import.StatusCode);
        }

        using var cid = ann.Other();
        using var refused = await cid.Http.PostAsync("imports", new ByteArrayContent(file));
        await UploadTests.AssertProblemAsync(429, refused);

        var message = await ann.SendAsync(file);
        using var copy = await ann.Http.GetAsync($"messages/{message["id"]}/audio?as=caf");
        await UploadTests.AssertProblemAsync(503, copy);
        using var original = await ann.Http.GetAsync($"messages/{message["id"]}/audio?as=ogg");
        Assert.Equal(HttpStatusCode.OK, original.StatusCode);
    }

    [Fact]
    public async Task What_is_refused_counts_as_sent_and_ends_with_the_share()
    {
        await using var server = await ChatServer.StartAsync(
            options => options with { MaxImportsOfPerson = 0, BytesOfAddress = (1 << 20, 0) });
        using var room = await server.NewRoomAsync("127.0.0.2");
        using (var refused = await room.Http.PostAsync("imports", new CountedContent(600_000)))
            await UploadTests.AssertProblemAsync(429, refused);

        // The system holds some megabytes that nobody reads; the rest is not taken.
        var large = new CountedContent(60 << 20);
        await Assert.ThrowsAsync<HttpRequestException>(() => room.Http.PostAsync("imports", large));
        Assert.InRange(large.Sent, 0, 30 << 20);

        // The share of this address is used, which is no business of another.
        var recording = Fixtures.Recording("chromium-mono.webm");
        using (var late = await room.Http.PostAsync("messages", new CountedContent(600_000)))
            await UploadTests.AssertProblemAsync(429, late);
        using var other = await server.NewRoomAsync("127.0.0.3");
        await other.SendAsync(recording);
    }

    [Fact]
    public async Task Uploads_end_in_time()
    {
        await using var server = await ChatServer.StartAsync(
            options => options with { UploadTime = TimeSpan.FromMilliseconds(1) });
        using var room = await server.NewRoomAsync();
        foreach (var path in new[] { "messages", "imports" })
            Assert.Contains(" 408 ", await UploadTests.AnswerToHeadAsync(room, "POST", path, 6705));
        Assert.Empty(server.Unfinished);
    }

    [Fact]
    public async Task Files_and_recordings_do_not_wait_for_one_another()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        await using var busy = await BusyMaker.StartAsync(server.Services.GetRequiredService<MessageMaker>());
        var file = Fixtures.Recording("chromium-mono.webm");
        using var import = await room.Http.PostAsync("imports", new ByteArrayContent(file));
        Assert.Equal(HttpStatusCode.OK, import.StatusCode);
    }
}
