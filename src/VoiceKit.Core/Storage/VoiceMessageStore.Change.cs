using VoiceKit.Ogg;

namespace VoiceKit.Storage;

public sealed partial class VoiceMessageStore
{
    private const int Padding = 256;

    // A message up to this size is put together in memory and written in one step.
    private const int MaxInMemory = 1 << 20;

    private StoredVoiceMessage Add(Addition addition, CancellationToken cancellationToken)
    {
        var tags = addition.Tags;
        var temporary = _folder.WriteTemporary(file => WriteWithTags(addition, file));
        IndexEntry entry;
        try
        {
            entry = Place(temporary, addition, cancellationToken);
        }
        catch
        {
            _folder.Disk.Delete(temporary);
            throw;
        }

        FlushOrTakeBack(entry);
        _watcher.Tell();
        return StoreFile.Describe(tags, _folder.PathOf(entry.Direction, entry.Name), entry.Size, addition.Duration);
    }

    private static void WriteWithTags(Addition addition, FileStream file)
    {
        var options = new OggOpusTagEditOptions { Padding = Padding };
        using var input = addition.Open();
        if (addition.Size > MaxInMemory)
        {
            OggOpusTagEdit.Copy(input, file, addition.Tags.WriteTo, options);
            return;
        }

        using var bytes = new MemoryStream((int)addition.Size + StoreTags.UsualSize);
        OggOpusTagEdit.Copy(input, bytes, addition.Tags.WriteTo, options);
        file.Write(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    private IndexEntry Place(string temporary, Addition addition, CancellationToken cancellationToken)
    {
        using var held = TakeLock(cancellationToken);
        if (addition.MayExist && Find(addition.Tags.Id, cancellationToken).Message is not null)
            throw new InvalidOperationException($"There is a message '{addition.Tags.Id}' already.");
        return Place(temporary, addition.Tags);
    }

    // Gives a file its name among the messages. The caller has the lock.
    private IndexEntry Place(string temporary, StoreTags tags, string? wish = null, bool isIdDerived = false)
    {
        var before = _index.LookAtFolders();
        var date = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(tags.Time, _options.Clock.LocalTimeZone).DateTime);
        var name = _folder.Place(temporary, tags.Direction, date, wish);
        if (isIdDerived)
            tags = tags with { Id = StoreTags.DeriveId(tags.Direction, name) };
        var entry = EntryOf(tags, name);
        _index.Note(before, (entry, true));
        return entry;
    }

    // What cannot be made durable is not acknowledged, and an app would add it again.
    private void FlushOrTakeBack(IndexEntry entry)
    {
        try
        {
            _folder.Flush(entry.Direction);
        }
        catch (IOException)
        {
            TakeBack(entry);
            throw;
        }
    }

    private void TakeBack(IndexEntry entry)
    {
        try
        {
            using var held = TakeLock(CancellationToken.None);
            var before = _index.LookAtFolders();
            _folder.Disk.Delete(_folder.PathOf(entry.Direction, entry.Name));
            _index.Note(before, (entry, false));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The disk does not even take that: the message stays, and the caller hears why it may be lost.
        }
    }

    private IndexEntry EntryOf(StoreTags tags, string name)
    {
        var file = new FileInfo(_folder.PathOf(tags.Direction, name));
        return tags.ToEntry(new IndexEntry(tags.Direction, name, file.Exists ? file.Length : 0, file.LastWriteTimeUtc.Ticks));
    }

    private StoredVoiceMessage? MarkPlayed(string id, bool isPlayed, CancellationToken cancellationToken)
    {
        using var held = TakeLock(cancellationToken);
        if (Find(id, cancellationToken).OrThrow() is not { } message)
            return null;
        if (message.IsPlayed == isPlayed)
            return message;
        try
        {
            var name = Path.GetFileName(message.Path);
            var tags = StoreTags.Read(
                StoreFile.ReadTags(message.Path), message.Direction, name, () => StoreFile.ModifiedAt(message.Path));
            var before = _index.LookAtFolders();
            tags = tags with { IsPlayed = isPlayed };
            ChangeTags(message, tags);
            var entry = EntryOf(tags, name);
            _index.Note(before, (entry, true));
            _watcher.Tell();
            return StoreFile.Describe(tags, message.Path, entry.Size, message.Duration);
        }
        catch (Exception exception) when (IsGone(exception))
        {
            return null; // Deleted by hand meanwhile.
        }
    }

    // In place, a loss of power in the middle of the write might cost the tags.
    private void ChangeTags(StoredVoiceMessage message, StoreTags tags)
    {
        if (_options.Durability == VoiceStoreDurability.ProcessEnd)
        {
            OggOpusTagEdit.Edit(message.Path, tags.WriteTo, new OggOpusTagEditOptions { Padding = Padding });
            return;
        }

        var change = new Addition(() => StoreFile.OpenStream(message.Path), message.Size, message.Duration, tags);
        var temporary = _folder.WriteTemporary(file => WriteWithTags(change, file));
        try
        {
            _folder.Disk.Move(temporary, message.Path, overwrite: true);
        }
        catch
        {
            _folder.Disk.Delete(temporary);
            throw;
        }

        _folder.Flush(message.Direction);
    }

    /// <summary>A message on its way into the store.</summary>
    /// <param name="Open">Opens its bytes.</param>
    /// <param name="Size">How many there are.</param>
    /// <param name="Duration">Its length.</param>
    /// <param name="Tags">What the store keeps of it.</param>
    private sealed record Addition(Func<Stream> Open, long Size, TimeSpan Duration, StoreTags Tags)
    {
        /// <summary>Whether there may be a message of its id.</summary>
        public bool MayExist { get; init; }
    }
}
