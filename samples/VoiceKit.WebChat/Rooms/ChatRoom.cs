using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using VoiceKit.Storage;
using VoiceKit.Waveforms;
using VoiceKit.WebChat.Messages;

namespace VoiceKit.WebChat.Rooms;

/// <summary>A room: its messages, who follows it, and what is being recorded in it.</summary>
internal sealed class ChatRoom : IDisposable
{
    private readonly string _folder;
    private readonly ChatOptions _options;
    private readonly Lazy<TokenBucketRateLimiter> _rate;
    private readonly TimeProvider _clock;
    private readonly Lock _opening = new();
    private volatile IVoiceMessageStore? _store;
    private int _count;
    private int _uses;
    private long _lastUse;

    public ChatRoom(string folder, ChatOptions options, TimeProvider clock)
    {
        _folder = folder;
        _options = options;
        _clock = clock;
        Events = new RoomEvents(options.MaxFollowers);
        _rate = new Lazy<TokenBucketRateLimiter>(MakeRate);
        Touch();
    }

    /// <summary>Where its messages are, when it has some.</summary>
    public string Folder => _folder;

    /// <summary>Whether forgetting it loses nothing: it was looked at, no more.</summary>
    public bool HasNothing => _store is null && !_rate.IsValueCreated && Finished.IsEmpty;

    /// <summary>The room's messages; null as long as it never had one, and has no folder.</summary>
    public IVoiceMessageStore? Store => _store ?? (Directory.Exists(_folder) ? OpenStore() : null);

    public RoomEvents Events { get; }

    public ConcurrentDictionary<string, LiveRecording> Recordings { get; } = new();

    /// <summary>What became of recordings of late, for those who did not get the answer and ask again.</summary>
    public ConcurrentDictionary<string, FinishedRecording> Finished { get; } = new();

    /// <summary>Notes what became of a recording.</summary>
    public void Note(string recording, string person, MessageView message) =>
        Finished.TryAdd(recording, new FinishedRecording(message, person, _clock.GetTimestamp()));

    /// <summary>Forgets what became of recordings some time ago.</summary>
    public void ForgetFinished(TimeSpan time)
    {
        foreach (var (id, finished) in Finished)
        {
            if (_clock.GetElapsedTime(finished.Since) > time)
                Finished.TryRemove(id, out _);
        }
    }

    /// <summary>Whether nobody has had to do with it for so long.</summary>
    public bool IsIdle(TimeSpan time) =>
        Volatile.Read(ref _uses) == 0 && Events.Count == 0 && Recordings.IsEmpty
        && _clock.GetElapsedTime(Interlocked.Read(ref _lastUse)) > time;

    /// <summary>Counts those who use it.</summary>
    public void Use(int change)
    {
        Touch();
        Interlocked.Add(ref _uses, change);
    }

    public void Touch() => Interlocked.Exchange(ref _lastUse, _clock.GetTimestamp());

    /// <summary>Takes what one more message costs.</summary>
    /// <exception cref="ChatException">There were too many of late.</exception>
    public void TakeTurn()
    {
        if (Store is not null && _count >= _options.MaxMessages)
            throw new ChatException(409, "The room is full",
                $"It has {_options.MaxMessages} messages. Delete some, or use a new room.");
        if (Store is null && Directory.EnumerateDirectories(Path.GetDirectoryName(_folder)!).Skip(_options.MaxRooms - 1).Any())
            throw new ChatException(503, "The house is full", "The server has no place for another room.");
        if (new DriveInfo(Path.GetDirectoryName(_folder)!).AvailableFreeSpace < _options.MinFreeBytes)
            throw new ChatException(507, "The disk is full", "The server has no place for another message.");
        // What has come since is put in by hand: no room has a timer.
        _rate.Value.TryReplenish();
        using var lease = _rate.Value.AttemptAcquire();
        if (!lease.IsAcquired)
            throw new ChatException(429, "Too many messages", "This room gets too many messages at once. Wait a minute.");
    }

    /// <summary>Stores a message and tells those who follow the room.</summary>
    /// <param name="message">The message.</param>
    /// <param name="bars">Its bars.</param>
    /// <param name="person">Who sent it.</param>
    /// <param name="forwarded">How often it was forwarded.</param>
    /// <param name="recording">The recording that it was before.</param>
    /// <param name="cancellationToken">Ends the work; nothing is stored then.</param>
    public async Task<MessageView> AddAsync(
        VoiceMessage message,
        Waveform bars,
        string person,
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
        var view = MessageView.Of(await OpenStore().AddAsync(message, info, cancellationToken));
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

        if (_rate.IsValueCreated)
            _rate.Value.Dispose();
    }

    /// <summary>A recording that is a message now.</summary>
    internal sealed record FinishedRecording(MessageView Message, string Person, long Since);

    private TokenBucketRateLimiter MakeRate() => new(new TokenBucketRateLimiterOptions
    {
        TokenLimit = _options.MessagesOfRoom.Burst,
        TokensPerPeriod = 1,
        ReplenishmentPeriod = TimeSpan.FromMinutes(1) / _options.MessagesOfRoom.PerMinute,
        AutoReplenishment = false,
        QueueLimit = 0,
    });

    // The folder tells when the room was used, also to the next program.
    private void NoteUse() => Directory.SetLastWriteTimeUtc(_folder, _clock.GetUtcNow().UtcDateTime);

    // One that cannot be opened now may be opened the next time.
    private IVoiceMessageStore OpenStore()
    {
        lock (_opening)
            return _store ??= OpenFolder();
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
