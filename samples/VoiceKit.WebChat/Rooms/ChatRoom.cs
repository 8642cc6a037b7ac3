using System.Collections.Concurrent;
using VoiceKit.Storage;
using VoiceKit.Waveforms;
using VoiceKit.WebChat.Limits;
using VoiceKit.WebChat.Messages;

namespace VoiceKit.WebChat.Rooms;

/// <summary>A room: its messages, who follows it, and what is being recorded in it.</summary>
internal sealed class ChatRoom : IDisposable
{
    // How often the folder is told that the room is used.
    private static readonly TimeSpan NoteInterval = TimeSpan.FromHours(1);

    private readonly string _folder;
    private readonly RoomCount _rooms;
    private readonly ChatOptions _options;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private ConcurrentDictionary<string, LiveRecording>? _recordings;
    private ConcurrentDictionary<string, FinishedRecording>? _finished;
    private volatile IVoiceMessageStore? _store;
    private TokenBucket _rate;
    private int _count;
    private int _uses;
    private long _lastUse;
    private long _lastNote;

    public ChatRoom(string folder, RoomCount rooms, ChatOptions options, TimeProvider clock)
    {
        _folder = folder;
        _rooms = rooms;
        _options = options;
        _clock = clock;
        Events = new RoomEvents(options.MaxFollowers);
        Touch();
    }

    /// <summary>Where its messages are, when it has some.</summary>
    public string Folder => _folder;

    /// <summary>Whether forgetting it loses nothing: it was looked at, no more.</summary>
    public bool HasNothing
    {
        get
        {
            if (_store is not null || _finished is { IsEmpty: false })
                return false;
            lock (_lock)
                return _rate.IsFull(MessagesPerSecond, _clock);
        }
    }

    /// <summary>The room's messages; null as long as it never had one, and has no folder.</summary>
    public IVoiceMessageStore? Store => _store ?? (Directory.Exists(_folder) ? OpenStore() : null);

    public RoomEvents Events { get; }

    // A room in which nothing is recorded has no table for it.
    public ConcurrentDictionary<string, LiveRecording> Recordings =>
        LazyInitializer.EnsureInitialized(ref _recordings, static () => new(concurrencyLevel: 1, capacity: 3));

    public bool HasRecordings => _recordings is { IsEmpty: false };

    /// <summary>What became of recordings of late, for those who did not get the answer and ask again.</summary>
    public ConcurrentDictionary<string, FinishedRecording> Finished =>
        LazyInitializer.EnsureInitialized(ref _finished, static () => new(concurrencyLevel: 1, capacity: 3));

    /// <summary>Notes what became of a recording.</summary>
    public void Note(string recording, string person, MessageView message) =>
        Finished.TryAdd(recording, new FinishedRecording(message, person, _clock.GetTimestamp()));

    /// <summary>Forgets what became of recordings some time ago.</summary>
    public void ForgetFinished(TimeSpan time)
    {
        if (_finished is not { } all)
            return;
        foreach (var (id, finished) in all)
        {
            if (_clock.GetElapsedTime(finished.Since) > time)
                all.TryRemove(id, out _);
        }
    }

    /// <summary>Whether nobody has had to do with it for so long.</summary>
    public bool IsIdle(TimeSpan time) =>
        Volatile.Read(ref _uses) == 0 && Events.Count == 0 && !HasRecordings
        && _clock.GetElapsedTime(Interlocked.Read(ref _lastUse)) > time;

    /// <summary>Counts those who use it.</summary>
    public void Use(int change)
    {
        Touch();
        Interlocked.Add(ref _uses, change);
        NoteUseNowAndThen();
    }

    public void Touch() => Interlocked.Exchange(ref _lastUse, _clock.GetTimestamp());

    /// <summary>
    /// Tells the folder that the room is used, if it was not told of late: a server that is killed leaves behind how old the use
    /// is.
    /// </summary>
    public void NoteUseNowAndThen()
    {
        if (_store is not null && _clock.GetElapsedTime(Interlocked.Read(ref _lastNote)) > NoteInterval)
            NoteUse();
    }

    /// <summary>Takes what one more message costs.</summary>
    /// <exception cref="ChatException">There were too many of late.</exception>
    public void TakeTurn()
    {
        if (Store is null)
            _rooms.Check();
        else if (_count >= _options.MaxMessages)
            throw new ChatException(409, "The room is full",
                $"It has {_options.MaxMessages} messages. Delete some, or use a new room.");
        lock (_lock)
        {
            if (!_rate.TryTake(1, _options.MessagesOfRoom.Burst, MessagesPerSecond, _clock))
                throw new ChatException(429, "Too many messages", "This room gets too many messages at once. Wait a minute.");
        }
    }

    /// <summary>Stores a message and tells those who follow the room.</summary>
    /// <param name="message">The message.</param>
    /// <param name="bars">Its bars.</param>
    /// <param name="person">Who sent it.</param>
    /// <param name="address">From where.</param>
    /// <param name="forwarded">How often it was forwarded.</param>
    /// <param name="recording">The recording that it was before.</param>
    /// <param name="cancellationToken">Ends the work; nothing is stored then.</param>
    public async Task<MessageView> AddAsync(
        VoiceMessage message,
        Waveform bars,
        string person,
        string address,
        int forwarded,
        string? recording,
        CancellationToken cancellationToken)
    {
        var info = new VoiceMessageInfo
        {
            Id = Ids.New(),
            Direction = VoiceMessageDirection.Received,
            Sender = person,
            ForwardedCount = forwarded,
            Waveform = bars,
        };
        var view = MessageView.Of(await OpenStore(address).AddAsync(message, info, cancellationToken));
        Interlocked.Increment(ref _count);
        Touch();
        Events.Tell("message", new { message = view, recording });
        return view;
    }

    /// <summary>Deletes a message and tells those who follow the room.</summary>
    public async Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        if (Store is not { } store || !await store.DeleteAsync(id, cancellationToken))
            return;
        Interlocked.Decrement(ref _count);
        Events.Tell("deleted", new { id });
    }

    public void Dispose()
    {
        if (_store is { } store)
        {
            store.Dispose();
            NoteUse();
        }
    }

    /// <summary>A recording that is a message now.</summary>
    internal sealed record FinishedRecording(MessageView Message, string Person, long Since);

    private double MessagesPerSecond => _options.MessagesOfRoom.PerMinute / 60.0;

    // The folder tells when the room was used, also to the next program. One that cannot be told now is told the next time. A
    // clock that was set back does not make the use older.
    private void NoteUse()
    {
        Interlocked.Exchange(ref _lastNote, _clock.GetTimestamp());
        try
        {
            var now = _clock.GetUtcNow().UtcDateTime;
            if (Directory.GetLastWriteTimeUtc(_folder) < now)
                Directory.SetLastWriteTimeUtc(_folder, now);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }

    // One that cannot be opened now may be opened the next time. A new one is counted as its first sender's.
    private IVoiceMessageStore OpenStore(string? address = null)
    {
        lock (_lock)
        {
            if (_store is null && address is not null && !Directory.Exists(_folder))
                _rooms.CheckAndCount(address);
            return _store ??= OpenFolder();
        }
    }

    private VoiceMessageStore OpenFolder()
    {
        var options = new VoiceMessageStoreOptions { MaxMessageSize = _options.MaxImportBytes, Clock = _clock };
        var store = new VoiceMessageStore(_folder, options);
        NoteUse();
        _count = Directory.EnumerateFiles(store.FolderOf(VoiceMessageDirection.Received)).Count();
        return store;
    }
}
