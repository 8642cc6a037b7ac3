using VoiceKit.Ogg;

namespace VoiceKit.Storage;

/// <summary>
/// Keeps voice messages in a folder that a person can open in a file manager: <c>Sent</c> and <c>Received</c>, a file a message, named
/// like <c>PTT-20261121-0001.opus</c>. All that is known of a message is in its own tags (<see cref="VoiceStoreTagNames"/>), so the folder
/// is the database and a copy of it is a backup. Files may be added, renamed and deleted by hand at any time.
/// </summary>
/// <remarks>
/// Thread-safe. Any number of stores, in any number of processes, may share a folder. Beside the two folders there is
/// <c>.voicekit</c>, which may be deleted: an index that is made anew from the files when it is missing or does not fit them, a lock,
/// and files that are being written. Files and folders that a store makes are the person's alone. Files count as messages when their
/// names end in .opus, .ogg or .oga and do not begin with a dot, and links do not. What the system does not allow passes through as an
/// <see cref="UnauthorizedAccessException"/>, like an <see cref="IOException"/>. On a full disk messages can be listed, opened and deleted.
/// </remarks>
public sealed partial class VoiceMessageStore : IDisposable
{
    private const int Padding = 256;
    private const int MaxRounds = 8;

    private readonly VoiceMessageStoreOptions _options;
    private readonly StoreFolder _folder;
    private readonly StoreLock _lock;
    private readonly StoreIndex _index;
    private readonly StoreWatcher _watcher;

    /// <summary>Opens a store, and makes its folders if they are missing.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">How to work; null for the defaults.</param>
    /// <exception cref="IOException">The folders cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
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
        _watcher = new StoreWatcher(this, _folder, _options);
    }

    /// <summary>
    /// Raised on another thread when messages were added, changed or deleted: by this store, another one, or by hand. One event may
    /// stand for many changes, and list shows what they are.
    /// </summary>
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
    /// <exception cref="ArgumentOutOfRangeException">There is no such direction.</exception>
    public string FolderOf(VoiceMessageDirection direction)
    {
        if (!Enum.IsDefined(direction))
            throw new ArgumentOutOfRangeException(nameof(direction), direction, "There is no such direction.");
        return _folder[direction];
    }

    /// <summary>
    /// Adds a message. Its audio stays as it is, bit for bit; what it says of itself in its tags too, but for what the store keeps.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="info">What is known of it; null for one that is sent now.</param>
    /// <param name="cancellationToken">Ends the work; nothing has changed then.</param>
    /// <returns>The message in the store, when it is as durable as the options want it.</returns>
    /// <exception cref="ArgumentException">A value in the info is not valid, or the message is too large.</exception>
    /// <exception cref="InvalidOperationException">There is a message of that id.</exception>
    /// <exception cref="VoiceFormatException">The message's tags cannot be changed.</exception>
    /// <exception cref="IOException">The message could not be read or written.</exception>
    public Task<StoredVoiceMessage> AddAsync(
        VoiceMessage message, VoiceMessageInfo? info = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.Size > _options.MaxMessageSize)
            throw new ArgumentException($"The message has {message.Size} bytes, more than {_options.MaxMessageSize}.", nameof(message));
        info ??= new VoiceMessageInfo();
        var tags = StoreTags.From(info, _options.Clock.GetUtcNow());
        return Run(() => Add(message.OpenRead, tags, message.Duration, mayExist: info.Id is not null, cancellationToken), cancellationToken);
    }

    /// <summary>Lists messages, the newest first. Opens the files of those that it lists, and no others.</summary>
    /// <param name="query">Which ones; null for the newest 50.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="IOException">The folder or a file could not be read.</exception>
    public Task<IReadOnlyList<StoredVoiceMessage>> ListAsync(
        VoiceMessageQuery? query = null, CancellationToken cancellationToken = default) =>
        Run<IReadOnlyList<StoredVoiceMessage>>(() => List(query ?? new VoiceMessageQuery(), cancellationToken), cancellationToken);

    /// <summary>Finds a message; null when there is none of that id.</summary>
    /// <param name="id">The id. Where files were copied by hand there may be more of one id: this gives the first of them.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="IOException">The folder or the file could not be read.</exception>
    public Task<StoredVoiceMessage?> GetAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Run(() => Locked(() => Find(id, cancellationToken), cancellationToken), cancellationToken);
    }

    /// <summary>Opens a message to play or send it; null when there is none of that id.</summary>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="VoiceFormatException">The file is damaged.</exception>
    /// <exception cref="IOException">The folder or the file could not be read.</exception>
    public async Task<VoiceMessage?> OpenAsync(string id, CancellationToken cancellationToken = default)
    {
        var message = await GetAsync(id, cancellationToken).ConfigureAwait(false);
        if (message is null)
            return null;
        try
        {
            return await VoiceMessage.OpenAsync(message.Path, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (IsFailure(exception))
        {
            Failed?.Invoke(this, exception);
            throw;
        }
    }

    /// <summary>Deletes a message for good.</summary>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Ends the work before the deletion.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="IOException">The file could not be deleted.</exception>
    public Task<bool> DeleteAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Run(() => Delete(id, cancellationToken), cancellationToken);
    }

    /// <summary>Notes in a message whether it was listened to.</summary>
    /// <param name="id">The id.</param>
    /// <param name="isPlayed">Whether it was.</param>
    /// <param name="cancellationToken">Ends the work; nothing has changed then.</param>
    /// <returns>The message; null when there is none of that id.</returns>
    /// <exception cref="VoiceFormatException">Its tags cannot be changed.</exception>
    /// <exception cref="IOException">The file could not be written.</exception>
    public Task<StoredVoiceMessage?> MarkPlayedAsync(string id, bool isPlayed = true, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Run(() => Locked(() => IfThere(() => Mark(id, isPlayed, cancellationToken)), cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Forwards a message: adds one to <c>Sent</c> with the same audio, bit for bit, a new id, the time now, no sender and one more
    /// in its count.
    /// </summary>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Ends the work; nothing has changed then.</param>
    /// <returns>The new message; null when there is none of that id.</returns>
    /// <exception cref="VoiceFormatException">Its tags cannot be changed.</exception>
    /// <exception cref="IOException">A file could not be read or written, or is larger than the options allow.</exception>
    public async Task<StoredVoiceMessage?> ForwardAsync(string id, CancellationToken cancellationToken = default)
    {
        var original = await GetAsync(id, cancellationToken).ConfigureAwait(false);
        if (original is null)
            return null;
        if (original.Size > MaxFileSize)
            throw new IOException($"The message has {original.Size} bytes, more than {_options.MaxMessageSize}.");
        var time = StoreTags.ToMilliseconds(_options.Clock.GetUtcNow());
        var count = Math.Min(original.ForwardedCount, int.MaxValue - 1) + 1;
        var tags = new StoreTags(StoreTags.NewId(time), VoiceMessageDirection.Sent, null, time, count, false, original.Bars);
        return await Run(() => IfThere(Add), cancellationToken).ConfigureAwait(false);

        StoredVoiceMessage? Add() =>
            this.Add(() => StoreFile.OpenStream(original.Path), tags, original.Duration, mayExist: false, cancellationToken);
    }

    /// <summary>Stops watching the folders. Files and other stores are not touched.</summary>
    public void Dispose() => _watcher.Dispose();

    // The file may be deleted by hand between one step and the next.
    private static T? IfThere<T>(Func<T?> work)
        where T : class
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private void Locked(Action work, CancellationToken cancellationToken)
    {
        _folder.Ensure();
        using (_lock.Take(cancellationToken))
            work();
    }

    private T Locked<T>(Func<T> work, CancellationToken cancellationToken)
    {
        _folder.Ensure();
        using (_lock.Take(cancellationToken))
            return work();
    }

    private StoredVoiceMessage Add(
        Func<Stream> open, StoreTags tags, TimeSpan duration, bool mayExist, CancellationToken cancellationToken)
    {
        var temporary = _folder.WriteTemporary(file => CopyWithTags(open, file, tags));
        try
        {
            var path = Locked(() => Place(temporary, tags, null, mayExist, cancellationToken), cancellationToken);
            _folder.Flush(_folder[tags.Direction]);
            _watcher.Tell();
            return StoreFile.Describe(tags, path, SizeOf(path), duration);
        }
        finally
        {
            _folder.Disk.Delete(temporary);
        }
    }

    private static void CopyWithTags(Func<Stream> open, Stream file, StoreTags tags)
    {
        using var input = open();
        OggOpusTagEditor.Copy(input, file, tags.WriteTo, new OggOpusTagEditorOptions { Padding = Padding });
    }

    private string Place(
        string temporary, StoreTags tags, string? wish, bool mayExist, CancellationToken cancellationToken, bool isDerived = false)
    {
        if (mayExist && Find(tags.Id, cancellationToken) is not null)
            throw new InvalidOperationException($"There is a message '{tags.Id}' already.");
        var before = _index.LookAtFolders();
        var date = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(tags.Time, _options.Clock.LocalTimeZone).DateTime);
        var name = _folder.Place(temporary, tags.Direction, date, wish);
        if (isDerived)
            tags = tags with { Id = StoreTags.DeriveId(tags.Direction, name) };
        _index.Note(before, (EntryOf(tags, name), true));
        return _folder.PathOf(tags.Direction, name);
    }

    private IndexEntry EntryOf(StoreTags tags, string name)
    {
        var file = new FileInfo(_folder.PathOf(tags.Direction, name));
        return new IndexEntry(
            tags.Direction, name, tags.Id, tags.Time.ToUnixTimeMilliseconds(), file.Exists ? file.Length : 0, file.LastWriteTimeUtc.Ticks, true);
    }

    private List<StoredVoiceMessage> List(VoiceMessageQuery query, CancellationToken cancellationToken)
    {
        var messages = new List<StoredVoiceMessage>();
        var last = query.Before is { } before ? Locate(before) : null;
        var rounds = 0;
        while (messages.Count < query.Limit)
        {
            var left = query.Limit - messages.Count;
            var page = Locked(() => _index.List(last, left, IsWanted, cancellationToken), cancellationToken);
            var read = page.ConvertAll(entry => TryRead(entry, cancellationToken));

            // What was changed by hand belongs elsewhere in the order, perhaps. While files change all the time, there is an end.
            var changed = page.Where((entry, i) => !IsOf(read[i], entry)).ToList();
            if (changed.Count > 0)
                Locked(() => changed.ForEach(_index.Correct), cancellationToken);
            if (changed.Count > 0 && ++rounds < MaxRounds)
                continue;
            messages.AddRange(read.OfType<StoredVoiceMessage>());
            if (page.Count < left)
                break;
            last = page[^1];
        }

        return messages;

        bool IsWanted(IndexEntry entry) => query.Direction is null || entry.Direction == query.Direction;
    }

    // A message says itself where it is in the order, even when it is gone by now.
    private static IndexEntry Locate(StoredVoiceMessage message) => new(
        message.Direction, Path.GetFileName(message.Path), message.Id, message.Time.ToUnixTimeMilliseconds(), 0, 0, true);

    // Null when the file is gone or is no message any more.
    private StoredVoiceMessage? TryRead(IndexEntry entry, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return StoreFile.ReadMessage(_folder.PathOf(entry.Direction, entry.Name), entry.Direction);
        }
        catch (Exception exception) when (StoreFile.IsUnreadable(exception))
        {
            return null;
        }
    }

    private static bool IsOf(StoredVoiceMessage? message, IndexEntry entry) =>
        message is not null && message.Id == entry.Id && message.Time.ToUnixTimeMilliseconds() == entry.Time;

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
        var direction = Locked(() => DeleteFile(id, cancellationToken), cancellationToken);
        if (direction is not { } known)
            return false;
        _folder.Flush(_folder[known]);
        _watcher.Tell();
        return true;
    }

    private VoiceMessageDirection? DeleteFile(string id, CancellationToken cancellationToken)
    {
        if (Find(id, cancellationToken) is not { } message)
            return null;
        var before = _index.LookAtFolders();
        if (File.Exists(message.Path))
            _folder.Disk.Delete(message.Path);
        _index.Note(before, (Locate(message), false));
        return message.Direction;
    }

    private StoredVoiceMessage? Mark(string id, bool isPlayed, CancellationToken cancellationToken)
    {
        if (Find(id, cancellationToken) is not { } message)
            return null;
        var (name, direction) = (Path.GetFileName(message.Path), message.Direction);
        var tags = StoreTags.Read(StoreFile.ReadTags(message.Path), direction, name, () => StoreFile.ModifiedAt(message.Path));
        if (tags.IsPlayed == isPlayed)
            return message;
        var before = _index.LookAtFolders();
        ChangeTags(message.Path, tags with { IsPlayed = isPlayed });
        _index.Note(before, (EntryOf(tags, name), true));
        _watcher.Tell();
        return message with { IsPlayed = isPlayed, Size = SizeOf(message.Path) };
    }

    // In place, a loss of power in the middle of the write might cost the tags.
    private void ChangeTags(string path, StoreTags tags)
    {
        if (_options.Durability == VoiceStoreDurability.ProcessEnd)
        {
            OggOpusTagEditor.Edit(path, tags.WriteTo, new OggOpusTagEditorOptions { Padding = Padding });
            return;
        }

        Replace(path, _folder.WriteTemporary(file => CopyWithTags(() => StoreFile.OpenStream(path), file, tags)));
    }

    private void Replace(string path, string temporary)
    {
        try
        {
            _folder.Disk.Move(temporary, path, overwrite: true);
        }
        catch
        {
            _folder.Disk.Delete(temporary);
            throw;
        }

        _folder.Flush(Path.GetDirectoryName(path)!);
    }

    private static long SizeOf(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? file.Length : 0;
    }
}
