using System.Collections.Concurrent;
using System.Globalization;
using VoiceKit.Tests.Support;
using VoiceKit.WebChat.Tests.Support;

namespace VoiceKit.WebChat.Tests;

/// <summary>The chat under load, killed again and again: what it has acknowledged is there afterwards, and is whole.</summary>
public class ChatSoakTests
{
    // For how many minutes; eng/soak sets it. Without it, it is killed a few times.
    private const string Minutes = "VOICEKIT_CHAT_MINUTES";

    private const int Rooms = 4;
    private const int PeopleOfRoom = 3;
    private const int FewKills = 3;

    private readonly ConcurrentDictionary<string, (ChatClient Room, int Packets)> _acknowledged = new();
    private readonly ConcurrentDictionary<string, bool> _deleted = new();
    private readonly ConcurrentDictionary<string, bool> _full = new();
    private int _failed;

    [Fact]
    public async Task What_is_acknowledged_survives_the_server()
    {
        var minutes = int.TryParse(
            Environment.GetEnvironmentVariable(Minutes), NumberStyles.None, CultureInfo.InvariantCulture, out var asked)
            ? asked
            : 0;
        using var folder = new TemporaryFolder();
        await using var server = ChatProcess.Start(folder["chat"]);
        var groups = new List<Group>();
        for (var i = 0; i < Rooms; i++)
            groups.Add(new Group(server, await server.NewRoomAsync()));
        using var end = new CancellationTokenSource();
        var people = groups.SelectMany(
            group => Enumerable.Range(0, PeopleOfRoom).Select(i => Task.Run(() => TalkAsync(group, i, end.Token))))
            .ToList();

        var random = new Random(11);
        var kills = 0;
        var until = DateTime.UtcNow.AddMinutes(minutes);
        for (; kills < FewKills || DateTime.UtcNow < until || HasNothingToLose(); kills++)
        {
            var before = _acknowledged.Count;
            var more = random.Next(1, minutes == 0 ? 4 : 60);
            await Until.TrueAsync(() => _acknowledged.Count >= before + more || people.Exists(person => person.IsFaulted));
            await Task.WhenAll(people.Where(person => person.IsFaulted));
            await server.KillAsync();
            await server.StartAgainAsync();
        }

        await end.CancelAsync();
        await Task.WhenAll(people);
        await CheckAsync();
        await server.KillAsync();
        await server.StartAgainAsync();
        Assert.Empty(Directory.GetFiles(Path.Combine(folder["chat"], "unfinished")));
        if (minutes > 0)
            Figures.Tell(string.Create(CultureInfo.InvariantCulture,
                $"chat: {minutes} min of load, {kills} kills of the server, {_acknowledged.Count} messages acknowledged, "
                + $"{_deleted.Count} of them deleted, all others there and whole, {_failed} requests cut off"));
        groups.ForEach(group => group.Dispose());
    }

    // Sends whole and in pieces, breaks off now and then, sends junk, deletes some; goes on elsewhere when the room is full.
    private async Task TalkAsync(Group group, int seed, CancellationToken end)
    {
        var random = new Random(seed);
        var person = group.Room.Other();
        var recording = Fixtures.Recording("chromium-mono.webm");
        while (!end.IsCancellationRequested)
        {
            try
            {
                switch (random.Next(6))
                {
                    case 0:
                        using (await person.Http.PostAsync(
                            "messages", new ByteArrayContent(recording[..random.Next(recording.Length)]), end))
                            break;
                    case 1:
                        using (var hasty = new CancellationTokenSource(random.Next(1, 30)))
                        using (await person.Http.PostAsync("messages", new ByteArrayContent(recording), hasty.Token))
                            break;
                    case 2:
                        await SendInPiecesAsync(person, recording, end);
                        break;
                    case 3 when _acknowledged.Where(message => message.Value.Room == person).Select(message => message.Key)
                        .FirstOrDefault(id => MayBeDeleted(id) && !_deleted.ContainsKey(id)) is { } id:
                        _deleted[id] = false; // Whether it was done is not known before the answer.
                        using (var gone = await person.Http.DeleteAsync($"messages/{id}", end))
                            _deleted[id] = gone.IsSuccessStatusCode;
                        break;
                    case 4 when _full.ContainsKey(person.Room):
                        person = await group.LeaveAsync(person.Room);
                        break;
                    default:
                        using (var sent = await person.Http.PostAsync("messages", new ByteArrayContent(recording), end))
                            await NoteAsync(person, sent);
                        break;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
            {
                Interlocked.Increment(ref _failed);
                await Task.Delay(50, CancellationToken.None);
            }
        }
    }

    // Half stay, so that there is something to be lost.
    private static bool MayBeDeleted(string id) => id[^1] % 2 == 0;

    private bool HasNothingToLose() => _acknowledged.Keys.All(MayBeDeleted);

    private async Task SendInPiecesAsync(ChatClient person, byte[] recording, CancellationToken end)
    {
        using var begun = await person.Http.PostAsync("recordings", null, end);
        if (!begun.IsSuccessStatusCode)
            return;
        var path = begun.Headers.Location!;
        var number = 0;
        foreach (var piece in recording.Chunk(2500))
        {
            using var put = await person.Http.PutAsync($"{path}/pieces/{number++}", new ByteArrayContent(piece), end);
            if (!put.IsSuccessStatusCode)
                return;
        }

        using var finished = await person.Http.PostAsync($"{path}/finish", null, end);
        await NoteAsync(person, finished);
    }

    private async Task NoteAsync(ChatClient person, HttpResponseMessage sent)
    {
        if (sent.IsSuccessStatusCode)
            _acknowledged[await ChatClient.IdOfAsync(sent)] = (person, PacketsOfRecording);
        else if ((int)sent.StatusCode == 429)
            await Task.Delay(200, CancellationToken.None);
        else
            await NoteConflictAsync(person, sent);
    }

    private async Task NoteConflictAsync(ChatClient person, HttpResponseMessage sent)
    {
        var said = await sent.Content.ReadAsStringAsync();
        Assert.True((int)sent.StatusCode == 409, $"{sent.StatusCode}: {said}");
        if (said.Contains("The room is full", StringComparison.Ordinal))
            _full[person.Room] = true;
    }

    private static int PacketsOfRecording { get; } = CountPackets(Fixtures.Recording("chromium-mono.webm"));

    private static int CountPackets(byte[] file)
    {
        using var reader = Containers.OpusContainers.Open(new MemoryStream(file));
        var count = 0;
        while (reader.Read())
            count++;
        return count;
    }

    private async Task CheckAsync()
    {
        Assert.False(HasNothingToLose());
        foreach (var (id, (person, packets)) in _acknowledged)
        {
            using var answer = await person.Http.GetAsync($"messages/{id}/audio?as=ogg");
            var isGone = (int)answer.StatusCode == 404;
            if (_deleted.TryGetValue(id, out var isDeleted))
            {
                Assert.True(isGone || !isDeleted, $"{id} was deleted and is there.");
                continue;
            }

            Assert.False(isGone, $"{id} is lost.");
            Assert.Equal(packets, CountPackets(await answer.Content.ReadAsByteArrayAsync()));
        }
    }

    // People who stay together: the first who leaves a full room makes the next one.
    private sealed class Group(ChatProcess server, ChatClient room) : IDisposable
    {
        private readonly SemaphoreSlim _door = new(1, 1);

        public ChatClient Room { get; private set; } = room;

        public async Task<ChatClient> LeaveAsync(string full)
        {
            await _door.WaitAsync();
            try
            {
                if (Room.Room == full)
                {
                    Room.Dispose();
                    Room = await server.NewRoomAsync();
                }

                return Room.Other();
            }
            finally
            {
                _door.Release();
            }
        }

        public void Dispose()
        {
            _door.Dispose();
            Room.Dispose();
        }
    }
}
