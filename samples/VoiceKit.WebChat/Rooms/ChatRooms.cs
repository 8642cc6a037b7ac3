using VoiceKit.WebChat.Limits;

namespace VoiceKit.WebChat.Rooms;

/// <summary>The rooms that somebody has to do with. A room has a folder from its first message on.</summary>
internal sealed class ChatRooms : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan PatienceWithNothing = TimeSpan.FromSeconds(10);

    // A clock that has moved on by so much more than time did was set: what it says of ages is no reason to delete.
    private static readonly TimeSpan MaxClockStep = TimeSpan.FromHours(1);

    private readonly ChatFolder _folder;
    private readonly RoomKey _key;
    private readonly ChatOptions _options;
    private readonly DiskSpace _disk;
    private readonly TimeProvider _clock;
    private readonly RoomCount _count;
    private readonly Dictionary<string, ChatRoom> _rooms = [];
    private readonly Lock _lock = new();
    private readonly FairPlaces _recordings;
    private readonly DateTimeOffset _started;
    private readonly long _startedAt;

    public ChatRooms(ChatFolder folder, RoomKey key, ChatOptions options, DiskSpace disk, TimeProvider clock)
    {
        _folder = folder;
        _key = key;
        _options = options;
        _disk = disk;
        _clock = clock;
        _count = new RoomCount(folder, options, clock);
        _recordings = new FairPlaces(options.MaxRecordings, options.MaxRecordingsOfAddress);
        Followers = new FairPlaces(options.MaxFollowersInAll, options.MaxFollowersOfAddress);
        _started = clock.GetUtcNow();
        _startedAt = clock.GetTimestamp();
    }

    /// <summary>Those who follow a room, of all rooms.</summary>
    public FairPlaces Followers { get; }

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
        if (!_key.IsToken(token))
            throw new ChatException(404, "There is no such room", "Its address is not one that this server has made.");
        lock (_lock)
        {
            if (!_rooms.TryGetValue(token, out var room))
                _rooms[token] = room = NewRoom(token);
            return new RoomUse(room);
        }
    }

    /// <summary>Begins a recording.</summary>
    /// <exception cref="ChatException">There are too many.</exception>
    public LiveRecording Begin(ChatRoom room, string person, string address)
    {
        if (room.Recordings.Values.Count(recording => recording.Person == person) >= _options.MaxRecordingsOfPerson)
            throw new ChatException(429, "Too many recordings", $"You have {_options.MaxRecordingsOfPerson} recordings already.");
        LiveRecording? recording = null;
        var place = _recordings.Take(address, () => Lose(room, recording), "recordings");
        recording = new LiveRecording(_folder.NewScratchFile(_disk.Share(address)), person, place, _options, _clock);
        room.Recordings[recording.Id] = recording;
        room.Touch();
        return recording;
    }

    /// <summary>Ends a recording that will not become a message, and tells those who follow the room.</summary>
    public static async Task DropAsync(ChatRoom room, LiveRecording recording)
    {
        if (!await recording.EndAsync(isDropped: true))
            return;
        Remove(room, recording);
        room.Events.Tell("dropped", new { id = recording.Id });
    }

    /// <summary>Forgets a recording and deletes its file.</summary>
    public static void Remove(ChatRoom room, LiveRecording recording)
    {
        if (!room.Recordings.TryRemove(recording.Id, out _))
            return;
        recording.Dispose();
    }

    /// <summary>Drops recordings of which nothing was heard for long, and forgets rooms that nobody is in.</summary>
    public async Task SweepAsync()
    {
        foreach (var room in Forget())
        {
            if (room.HasRecordings)
                await DropSilentAsync(room);
            room.ForgetFinished(Patience);
            if (!room.IsIdle(PatienceWithNothing))
                room.NoteUseNowAndThen();
        }
    }

    /// <summary>Deletes the rooms that nobody has used for so long, with their messages.</summary>
    public void DeleteUnused()
    {
        if (_options.MaxRoomAge is not { } age || WasClockSet())
            return;
        var oldest = _clock.GetUtcNow().UtcDateTime - age;
        foreach (var path in Directory.EnumerateDirectories(_folder.Rooms).ToList())
        {
            if (Directory.GetLastWriteTimeUtc(path) < oldest && MoveAway(path) is { } away)
                Directory.Delete(away, recursive: true);
        }
    }

    public void Dispose()
    {
        foreach (var room in _rooms.Values)
        {
            if (room.HasRecordings)
            {
                foreach (var recording in room.Recordings.Values)
                    recording.Dispose();
            }

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
            var away = _folder.NewScratchFile().Path;
            Directory.Move(path, away);
            _count.Forget();
            return away;
        }
    }

    private ChatRoom NewRoom(string token) =>
        new(Path.Combine(_folder.Rooms, _key.FolderNameOf(token)), _count, _options, _clock);

    // Another address gets its place. Its page sends the recording as a whole in the end.
    private static void Lose(ChatRoom room, LiveRecording? recording)
    {
        if (recording is not null)
            _ = Task.Run(() => DropAsync(room, recording));
    }

    private async Task DropSilentAsync(ChatRoom room)
    {
        foreach (var recording in room.Recordings.Values.Where(recording => recording.Silence > _options.RecordingPatience))
            await DropAsync(room, recording);
    }

    /// <summary>Drops all recordings.</summary>
    public async Task DropAllAsync()
    {
        List<ChatRoom> rooms;
        lock (_lock)
            rooms = [.. _rooms.Values];
        foreach (var room in rooms.Where(room => room.HasRecordings))
        {
            foreach (var recording in room.Recordings.Values)
                await DropAsync(room, recording);
        }
    }

    // What time has passed is told by a counter that nobody can set.
    private bool WasClockSet() =>
        (_clock.GetUtcNow() - _started - _clock.GetElapsedTime(_startedAt)).Duration() > MaxClockStep;

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
