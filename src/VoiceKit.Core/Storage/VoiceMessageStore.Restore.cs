using System.Security.Cryptography;
using VoiceKit.Containers;
using VoiceKit.IO;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Storage;

public sealed partial class VoiceMessageStore
{
    // A message of the largest size grows by what the store puts into its tags.
    internal long MaxFileSize => _options.MaxMessageSize + StoreTags.MaxSize;

    internal bool Has(string id, CancellationToken cancellationToken) => Get(id, cancellationToken) is not null;

    /// <summary>The paths of the files that do not say what their ids are, or perhaps do not, by their sizes.</summary>
    internal Dictionary<long, List<string>> FilesWithoutId(CancellationToken cancellationToken) =>
        AllFiles(cancellationToken)
            .Where(entry => entry.IsMessage && StoreTags.IsDerived(entry.Id))
            .GroupBy(entry => entry.Size, entry => _folder.PathOf(entry.Direction, entry.Name))
            .ToDictionary(paths => paths.Key, paths => paths.ToList());

    /// <summary>Whether a file is there and has the bytes of which a manifest has the hash.</summary>
    internal static bool HasContent(string path, VoiceBackupEntry entry)
    {
        try
        {
            var file = new FileInfo(path);
            return file.Exists
                && file.Length == entry.Size
                && HashOf(File.ReadAllBytes(path)).Equals(entry.Sha256, StringComparison.OrdinalIgnoreCase);
        }
        catch (Exception exception) when (StoreFile.IsUnreadable(exception))
        {
            return false;
        }
    }

    /// <summary>Puts a file of a backup into the store, whose bytes are known to be those of the manifest.</summary>
    /// <exception cref="VoiceFormatException">The bytes are no voice message.</exception>
    internal (BackupRestorer.Outcome Outcome, StoredVoiceMessage? Message) Restore(
        VoiceMessageDirection direction, string name, byte[] bytes, DateTimeOffset modified, CancellationToken cancellationToken)
    {
        var outline = OggOpusOutline.Read(new ReadOnlyMemoryStream(bytes));
        var now = _options.Clock.GetUtcNow();
        var time = modified < now && modified > DateTimeOffset.UnixEpoch ? modified : now;
        var tags = StoreTags.Read(outline.Tags, direction, name, () => time);
        var temporary = _folder.WriteTemporary(file => file.Write(bytes));
        try
        {
            File.SetLastWriteTimeUtc(temporary, time.UtcDateTime);
            var (outcome, entry) = Settle(temporary, tags, StoreTags.HasId(outline.Tags), name, bytes, time, cancellationToken);
            if (entry is null)
                return (outcome, null);
            _folder.Flush(entry.Direction);
            _watcher.Tell();
            if (outcome != BackupRestorer.Outcome.Restored)
                return (outcome, null);
            tags = StoreTags.Read(outline.Tags, direction, entry.Name, () => time);
            return (outcome, StoreFile.Describe(tags, _folder.PathOf(direction, entry.Name), bytes.Length, outline.Duration));
        }
        finally
        {
            _folder.Disk.Delete(temporary);
        }
    }

    // Null for the entry when the store stays as it is.
    private (BackupRestorer.Outcome Outcome, IndexEntry? Entry) Settle(
        string temporary,
        StoreTags tags,
        bool hasId,
        string name,
        byte[] bytes,
        DateTimeOffset modified,
        CancellationToken cancellationToken)
    {
        using var held = TakeLock(cancellationToken);
        if (Find(tags.Id, cancellationToken) is not { } existing)
            return (BackupRestorer.Outcome.Restored, Place(temporary, tags, name, isIdDerived: !hasId));
        var outcome = Compare(existing.Path, bytes, modified, cancellationToken);

        // That two messages without ids were given one name is no conflict.
        if (outcome == BackupRestorer.Outcome.Conflict && !hasId)
            return (BackupRestorer.Outcome.Restored, Place(temporary, tags, name, isIdDerived: true));
        if (outcome != BackupRestorer.Outcome.Replaced)
            return (outcome, null);
        var before = _index.LookAtFolders();
        _folder.Disk.Move(temporary, existing.Path, overwrite: true);
        var entry = EntryOf(tags with { Direction = existing.Direction }, Path.GetFileName(existing.Path));
        _index.Note(before, (entry, true));
        return (outcome, entry);
    }

    private static BackupRestorer.Outcome Compare(
        string path, byte[] bytes, DateTimeOffset modified, CancellationToken cancellationToken)
    {
        if (TryReadAll(path) is not { } own)
            return BackupRestorer.Outcome.Unreadable;
        if (own.AsSpan().SequenceEqual(bytes))
            return BackupRestorer.Outcome.Unchanged;
        if (IsWhole(bytes, cancellationToken) && !IsWhole(own, cancellationToken))
            return HoldsAudioOf(bytes, own) ? BackupRestorer.Outcome.Replaced : BackupRestorer.Outcome.Conflict;
        if (!HashAudio(own).AsSpan().SequenceEqual(HashAudio(bytes)))
            return BackupRestorer.Outcome.Conflict;
        return modified > StoreFile.ModifiedAt(path) ? BackupRestorer.Outcome.Replaced : BackupRestorer.Outcome.Newer;
    }

    private static bool IsWhole(byte[] bytes, CancellationToken cancellationToken)
    {
        try
        {
            return OpusInfo.Read(new ReadOnlyMemoryStream(bytes), cancellationToken: cancellationToken).DefectCount == 0;
        }
        catch (VoiceFormatException)
        {
            return false;
        }
    }

    private static byte[]? TryReadAll(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (StoreFile.IsUnreadable(exception))
        {
            return null;
        }
    }

    // A damaged message gives way to one that has most of what can still be read of it, and to no other of its id. What is in
    // damaged pages counts: all of a short message is in one.
    private static bool HoldsAudioOf(byte[] whole, byte[] damaged)
    {
        var packets = new HashSet<string>(StringComparer.Ordinal);
        using (var reader = OggOpusReader.Open(whole.AsMemory()))
        {
            while (reader.Read())
                packets.Add(Convert.ToBase64String(reader.Packet));
        }

        var (found, all) = (0L, 0L);
        using var rest = OggOpusReader.Open(damaged.AsMemory(), new OpusReaderOptions { Salvages = true });
        for (; rest.Read(); all++)
            found += packets.Contains(Convert.ToBase64String(rest.Packet)) ? 1 : 0;
        return 2 * found >= all;
    }

    private static byte[] HashAudio(byte[] bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var reader = OggOpusReader.Open(bytes.AsMemory());
        while (reader.Read())
            hash.AppendData(reader.Packet);
        return hash.GetHashAndReset();
    }
}
