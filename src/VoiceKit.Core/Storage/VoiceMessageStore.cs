using VoiceKit.Diagnostics;

namespace VoiceKit.Storage;

/// <summary>
/// Keeps voice messages in a folder that a person can open in a file manager: <c>Sent</c> and <c>Received</c>, a file a message,
/// named like <c>PTT-20261121-0001.opus</c>. All that is known of a message is in its own tags
/// (<see cref="VoiceStoreTagNames"/>), so the folder is the database and a copy of it is a backup. Files may be added, renamed
/// and deleted by hand at any time.
/// </summary>
/// <remarks>
/// <para>Thread-safe. Any number of stores, in any number of processes, may share a folder. Beside the two folders there is
/// <c>.voicekit</c>, which may be deleted: an index that is made anew from the files when it is missing or does not fit them, a
/// lock, and files that are being written. Files and folders that a store makes are the person's alone. Files count as messages
/// when their names end in .opus, .ogg or .oga and do not begin with a dot, and links do not.</para>
/// <para>What the system does not allow passes through as an <see cref="UnauthorizedAccessException"/>, like an
/// <see cref="IOException"/>. On a full disk messages can be listed, opened and deleted. In a folder that may be read and not
/// written they can be listed, opened, verified and backed up.</para>
/// <para>What a process leaves unfinished when it is killed is deleted by the next store that is opened on the folder, once it is
/// a day old.</para>
/// </remarks>
public sealed partial class VoiceMessageStore : IVoiceMessageStore
{
    private const int MaxChangesAtOnce = 64;

    private readonly VoiceMessageStoreOptions _options;
    private readonly StoreFolder _folder;
    private readonly StoreLock _lock;
    private readonly StoreIndex _index;
    private readonly StoreWatcher _watcher;
    private readonly SemaphoreSlim _changes = new(MaxChangesAtOnce);

    /// <summary>Opens a store, and makes its folders if they are missing.</summary>
    /// <param name="folder">The folder. One that may be read and not written gives a store that can be read.</param>
    /// <param name="options">How to work; null for the defaults.</param>
    /// <exception cref="IOException">The folders cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not there and may not be made.</exception>
    public VoiceMessageStore(string folder, VoiceMessageStoreOptions? options = null)
        : this(folder, options ?? new VoiceMessageStoreOptions(), StoreDisk.Default)
    {
    }

    /// <summary>Opens a store on a disk of a test's own.</summary>
    internal VoiceMessageStore(string folder, VoiceMessageStoreOptions options, StoreDisk disk)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _options = options;
        _folder = new StoreFolder(folder, _options.Durability, disk);
        _lock = new StoreLock(Path.Combine(_folder.Private, "lock"), StoreLock.Patience);
        _index = new StoreIndex(_folder);
        _watcher = new StoreWatcher(this, _folder, _options, exception => AppHandlers.Raise(Failed, this, exception));
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The system cannot watch the folders; thrown when a handler is added.</exception>
    public event EventHandler? Changed
    {
        add => _watcher.Add(value);
        remove => _watcher.Remove(value);
    }

    /// <summary>The folder's full path.</summary>
    public string Folder => _folder.Root;

    /// <summary>The folder of the messages of one direction.</summary>
    /// <param name="direction">The direction.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is no member of the enumeration.</exception>
    public string FolderOf(VoiceMessageDirection direction)
    {
        if (!Enum.IsDefined(direction))
            throw new ArgumentOutOfRangeException(nameof(direction), direction, "There is no such direction.");
        return _folder[direction];
    }

    /// <inheritdoc/>
    /// <remarks>
    /// What the message says of itself in its tags stays too, but for what the store keeps. When the task is done, the message is
    /// as durable as the options want it; when many are added at once, one flush of the disk serves all of them.
    /// </remarks>
    public Task<StoredVoiceMessage> AddAsync(
        VoiceMessage message, VoiceMessageInfo? info = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.Size > _options.MaxMessageSize)
            throw new ArgumentException(
                $"The message has {message.Size} bytes, more than {_options.MaxMessageSize}.", nameof(message));
        info ??= new VoiceMessageInfo();
        var addition = new Addition(
            message.OpenRead, message.Size, message.Duration, StoreTags.From(info, _options.Clock.GetUtcNow()))
        {
            MayExist = info.Id is not null,
        };
        return AddThenNoteAsync();

        async Task<StoredVoiceMessage> AddThenNoteAsync()
        {
            var stored = await RunChangeAsync(() => Add(addition, cancellationToken), cancellationToken).ConfigureAwait(false);
            message.NoteSaved();
            return stored;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Where files were copied by hand there may be more than one of an id: this gives the first of them.</remarks>
    public Task<StoredVoiceMessage?> GetAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Run(() => Get(id, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<VoiceMessage?> OpenAsync(string id, CancellationToken cancellationToken = default)
    {
        if (await GetAsync(id, cancellationToken).ConfigureAwait(false) is not { } message)
            return null;
        try
        {
            return await VoiceMessage.OpenAsync(message.Path, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsGone(exception))
        {
            return null;
        }
        catch (Exception exception) when (IsFailure(exception))
        {
            AppHandlers.Raise(Failed, this, exception);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        return RunChangeAsync(() => Delete(id, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<StoredVoiceMessage?> MarkPlayedAsync(
        string id, bool isPlayed = true, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        return RunChangeAsync(() => MarkPlayed(id, isPlayed, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<StoredVoiceMessage?> ForwardAsync(
        string id, string? conversation = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        var info = new VoiceMessageInfo { Conversation = conversation };
        var tags = StoreTags.From(info, _options.Clock.GetUtcNow());
        return RunChangeAsync(() => Forward(id, tags, cancellationToken), cancellationToken);
    }

    /// <summary>Stops watching the folders. Files and other stores are not touched.</summary>
    public void Dispose() => _watcher.Dispose();

    private StoreLock.Held TakeLock(CancellationToken cancellationToken) =>
        _folder.WithFolders(() => _lock.Take(cancellationToken));

    private StoreLock.Held TakeLockToRead(CancellationToken cancellationToken)
    {
        try
        {
            return _folder.WithFolders(() => _lock.TakeToRead(cancellationToken));
        }
        catch (Exception exception) when (StoreDisk.IsReadOnly(exception) && Directory.Exists(_folder.Root))
        {
            return _lock.TakeAmongThreads(cancellationToken); // The folder with the lock is missing, and cannot be made.
        }
    }

    private StoredVoiceMessage? Get(string id, CancellationToken cancellationToken)
    {
        using var held = TakeLockToRead(cancellationToken);
        return Find(id, cancellationToken);
    }

    // The caller has the lock. Files that were changed by hand are not what the index says.
    private StoredVoiceMessage? Find(string id, CancellationToken cancellationToken)
    {
        if (!StoreTags.IsId(id))
            return null;
        foreach (var entry in _index.Find(id, cancellationToken))
        {
            var message = TryRead(entry, cancellationToken);
            if (!IsOf(message, entry))
                _index.Correct(entry);
            if (message?.Id == id)
                return message;
        }

        return null;
    }

    private bool Delete(string id, CancellationToken cancellationToken)
    {
        if (DeleteFile(id, cancellationToken) is not { } direction)
            return false;
        _folder.Flush(direction);
        _watcher.Tell();
        return true;
    }

    private VoiceMessageDirection? DeleteFile(string id, CancellationToken cancellationToken)
    {
        using var held = TakeLock(cancellationToken);
        if (Find(id, cancellationToken) is not { } message)
            return null;
        var before = _index.LookAtFolders();
        if (File.Exists(message.Path))
            _folder.Disk.Delete(message.Path);
        _index.Note(before, (Locate(message), false));
        return message.Direction;
    }

    private StoredVoiceMessage? Forward(string id, StoreTags tags, CancellationToken cancellationToken)
    {
        if (Get(id, cancellationToken) is not { } original)
            return null;
        if (original.Size > MaxFileSize)
            throw new IOException($"The message has {original.Size} bytes, more than {_options.MaxMessageSize}.");
        tags = tags with { ForwardedCount = Math.Min(original.ForwardedCount, int.MaxValue - 1) + 1, Bars = original.Bars };
        try
        {
            return Add(
                new Addition(
                    () => StoreFile.OpenStream(original.Path), original.Size, original.Duration, tags), cancellationToken);
        }
        catch (Exception exception) when (IsGone(exception))
        {
            return null; // Deleted by hand meanwhile.
        }
    }
}
