namespace VoiceKit.WebChat;

/// <summary>Where the chat keeps its messages, and how much it takes.</summary>
internal sealed record ChatOptions
{
    /// <summary>The folder of the messages.</summary>
    public required string Folder { get; init; }

    /// <summary>The largest recording, in bytes: a quarter of an hour at 128 kbit/s.</summary>
    public long MaxRecordingBytes { get; init; } = 16 << 20;

    /// <summary>The largest file that is imported, in bytes.</summary>
    public long MaxImportBytes { get; init; } = 64 << 20;

    /// <summary>The largest piece of a recording that is uploaded while it goes on, in bytes.</summary>
    public int MaxChunkBytes { get; init; } = 128 << 10;

    /// <summary>The longest message.</summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How many messages a room has at most.</summary>
    public int MaxMessages { get; init; } = 2000;

    /// <summary>How many rooms with messages there are at most.</summary>
    public int MaxRooms { get; init; } = 10_000;

    /// <summary>How much of the disk is left alone, in bytes.</summary>
    public long MinFreeBytes { get; init; } = 256 << 20;

    /// <summary>How much is uploaded, recorded or converted and not yet gone again, in all, in bytes.</summary>
    public long MaxUnfinishedBytes { get; init; } = 2L << 30;

    /// <summary>How much of that is from one address, in bytes.</summary>
    public long MaxUnfinishedBytesOfAddress { get; init; } = 512 << 20;

    /// <summary>How many bytes an address may send at once, and how many a minute from then on.</summary>
    public (long Burst, long PerMinute) BytesOfAddress { get; init; } = (256 << 20, 32 << 20);

    /// <summary>How many rooms may get their first message from one address at once, and how many an hour from then on.</summary>
    public (int Burst, int PerHour) RoomsOfAddress { get; init; } = (200, 100);

    /// <summary>How many connections there are at a time.</summary>
    public int MaxConnections { get; init; } = 4096;

    /// <summary>How many of them are from one address.</summary>
    public int MaxConnectionsOfAddress { get; init; } = 1024;

    /// <summary>How many tabs follow a room at most.</summary>
    public int MaxFollowers { get; init; } = 250;

    /// <summary>How many tabs follow rooms, in all.</summary>
    public int MaxFollowersInAll { get; init; } = 2000;

    /// <summary>How many of them are at one address.</summary>
    public int MaxFollowersOfAddress { get; init; } = 500;

    /// <summary>How many recordings go on at a time, in all rooms.</summary>
    public int MaxRecordings { get; init; } = 500;

    /// <summary>How many recordings of one person go on at a time.</summary>
    public int MaxRecordingsOfPerson { get; init; } = 2;

    /// <summary>How many listen to a recording while it goes on.</summary>
    public int MaxListeners { get; init; } = 50;

    /// <summary>How many recordings from one address go on at a time: none has all.</summary>
    public int MaxRecordingsOfAddress { get; init; } = 250;

    /// <summary>How many imports are uploaded or wait to be sent, in all rooms.</summary>
    public int MaxImports { get; init; } = 50;

    /// <summary>How many imports of one person are uploaded or wait to be sent.</summary>
    public int MaxImportsOfPerson { get; init; } = 3;

    /// <summary>How many imports from one address are uploaded or wait to be sent: none has all.</summary>
    public int MaxImportsOfAddress { get; init; } = 25;

    /// <summary>How many messages are played at a time from copies in another container.</summary>
    public int MaxConversions { get; init; } = 64;

    /// <summary>How many of them are for one address.</summary>
    public int MaxConversionsOfAddress { get; init; } = 16;

    /// <summary>How long an upload may take.</summary>
    public TimeSpan UploadTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>After how long a room that nobody opens is deleted with its messages; null for never.</summary>
    public TimeSpan? MaxRoomAge { get; init; }

    /// <summary>After how long without a sign of life a recording is dropped.</summary>
    public TimeSpan RecordingPatience { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>After how long an import that nobody sends is dropped.</summary>
    public TimeSpan ImportPatience { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long an import may take to be looked at or made.</summary>
    public TimeSpan ImportTime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How many requests an address may make at once, and how many a second from then on.</summary>
    public (int Burst, int PerSecond) RequestsOfAddress { get; init; } = (2000, 1000);

    /// <summary>How many messages a room may get at once, and how many a minute from then on.</summary>
    public (int Burst, int PerMinute) MessagesOfRoom { get; init; } = (60, 60);
}
