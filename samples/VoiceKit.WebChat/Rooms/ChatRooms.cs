namespace VoiceKit.WebChat.Rooms;

/// <summary>The rooms that somebody has to do with. A room has a folder from its first message on.</summary>
internal sealed class ChatRooms(ChatFolder folder, RoomKey key, ChatOptions options, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, ChatRoom> _rooms = [];
    private readonly Lock _lock = new();
    private int _recordings;

    /// <summary>The room of a token.</summary>
    /// <exception cref="ChatException">There is none.</exception>
    public ChatRoom Get(string token)
    {
        if (!key.IsToken(token))
            throw new ChatException(404, "There is no such room", "Its address is not one that this server has made.");
        lock (_lock)
        {
            if (!_rooms.TryGetValue(token, out var room))
                _rooms[token] = room = new ChatRoom(Path.Combine(folder.Rooms, key.FolderNameOf(token)), options, clock);
            room.Touch();
            return room;
        }
    }

    /// <summary>Begins a recording.</summary>
    /// <exception cref="ChatException">There are too many.</exception>
    public LiveRecording Begin(ChatRoom room, string person)
    {
        if (room.Recordings.Values.Count(recording => recording.Person == person) >= options.MaxRecordingsOfPerson)
            throw new ChatException(429, "Too many recordings", $"You have {options.MaxRecordingsOfPerson} recordings already.");
        if (Interlocked.Increment(ref _recordings) > options.MaxRecordings)
        {
            Interlocked.Decrement(ref _recordings);
            throw new ChatException(503, "Too many recordings", "The server has no room for another recording now.");
        }

        var recording = new LiveRecording(folder.NewScratchFile(), person, options, clock);
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

    public void Dispose()
    {
        foreach (var room in _rooms.Values)
        {
            foreach (var recording in room.Recordings.Values)
                recording.Dispose();
            room.Dispose();
        }
    }

    // Gives those that are left.
    private List<ChatRoom> Forget()
    {
        lock (_lock)
        {
            foreach (var (token, room) in _rooms.Where(pair => pair.Value.IsIdle(Patience)).ToList())
            {
                _rooms.Remove(token);
                room.Dispose();
            }

            return [.. _rooms.Values];
        }
    }
}
