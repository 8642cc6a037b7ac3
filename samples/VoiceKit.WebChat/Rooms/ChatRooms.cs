namespace VoiceKit.WebChat.Rooms;

/// <summary>The rooms that somebody has to do with. A room has a folder from its first message on.</summary>
internal sealed class ChatRooms(ChatFolder folder, RoomKey key, ChatOptions options, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan PatienceWithNothing = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, ChatRoom> _rooms = [];
    private readonly Lock _lock = new();
    private readonly Places _addresses = new();
    private int _recordings;

    /// <summary>The room of a token.</summary>
    /// <exception cref="ChatException">There is none.</exception>
    public ChatRoom Get(string token)
    {
        using var use = Enter(token);
        return use.Room;
    }

    /// <summary>The room of a token, which is not forgotten as long as it is used.</summary>
    /// <returns>To be disposed when it is not used any more.</returns>
    /// <exception cref="ChatException">There is none.</exception>
    public RoomUse Enter(string token)
    {
        if (!key.IsToken(token))
            throw new ChatException(404, "There is no such room", "Its address is not one that this server has made.");
        lock (_lock)
        {
            if (!_rooms.TryGetValue(token, out var room))
                _rooms[token] = room = new ChatRoom(Path.Combine(folder.Rooms, key.FolderNameOf(token)), options, clock);
            return new RoomUse(room);
        }
    }

    /// <summary>Begins a recording.</summary>
    /// <exception cref="ChatException">There are too many.</exception>
    public LiveRecording Begin(ChatRoom room, string person, string address)
    {
        if (room.Recordings.Values.Count(recording => recording.Person == person) >= options.MaxRecordingsOfPerson)
            throw new ChatException(429, "Too many recordings", $"You have {options.MaxRecordingsOfPerson} recordings already.");
        if (Interlocked.Increment(ref _recordings) > options.MaxRecordings)
        {
            Interlocked.Decrement(ref _recordings);
            throw new ChatException(503, "Too many recordings", "The server has no room for another recording now.");
        }

        if (_addresses.Take(address, options.MaxRecordingsOfAddress) is not { } place)
        {
            Interlocked.Decrement(ref _recordings);
            throw new ChatException(429, "Too many recordings", "Too many recordings come from your address.");
        }

        var recording = new LiveRecording(folder.NewScratchFile(), person, place, options, clock);
        room.Recordings[recording.Id] = recording;
        room.Touch();
        return recording;
    }

    /// <summary>Ends a recording that will not become a message, and tells those who follow the room.</summary>
    public async Task DropAsync(ChatRoom room, LiveRecording recording)
    {
        if (!await recording.EndAsync(isDropped: true))
            return;
        Remove(room, recording);
        room.Events.Tell("dropped", new { id = recording.Id });
    }

    /// <summary>Forgets a recording and deletes its file.</summary>
    public void Remove(ChatRoom room, LiveRecording recording)
    {
        if (!room.Recordings.TryRemove(recording.Id, out _))
            return;
        Interlocked.Decrement(ref _recordings);
        recording.Dispose();
    }

    /// <summary>Drops recordings of which nothing was heard for long, and forgets rooms that nobody is in.</summary>
    public async Task SweepAsync()
    {
        foreach (var room in Forget())
        {
            foreach (var recording in room.Recordings.Values.Where(recording => recording.Silence > options.RecordingPatience))
                await DropAsync(room, recording);
            room.ForgetFinished(Patience);
        }
    }

    /// <summary>Deletes the rooms that nobody has used for so long, with their messages.</summary>
    public void DeleteUnused()
    {
        if (options.MaxRoomAge is not { } age)
            return;
        var oldest = clock.GetUtcNow().UtcDateTime - age;
        foreach (var path in Directory.EnumerateDirectories(folder.Rooms).ToList())
        {
            if (Directory.GetLastWriteTimeUtc(path) < oldest && MoveAway(path) is { } away)
                Directory.Delete(away, recursive: true);
        }
    }

    public void Dispose()
    {
        foreach (var room in _rooms.Values)
        {
            foreach (var recording in room.Recordings.Values)
                recording.Dispose();
            room.Dispose();
        }
    }

    // Null when somebody uses it.
    private string? MoveAway(string path)
    {
        lock (_lock)
        {
            if (_rooms.Values.Any(room => room.Folder == path))
                return null;
            var away = folder.NewScratchFile().Path;
            Directory.Move(path, away);
            return away;
        }
    }

    private static bool IsIdle(ChatRoom room) => room.IsIdle(room.HasNothing ? PatienceWithNothing : Patience);

    // Gives those that are left.
    private List<ChatRoom> Forget()
    {
        lock (_lock)
        {
            foreach (var (token, room) in _rooms.Where(pair => IsIdle(pair.Value)).ToList())
            {
                _rooms.Remove(token);
                room.Dispose();
            }

            return [.. _rooms.Values];
        }
    }
}
