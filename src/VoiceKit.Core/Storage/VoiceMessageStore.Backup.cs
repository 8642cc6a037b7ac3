using System.Security.Cryptography;

namespace VoiceKit.Storage;

public sealed partial class VoiceMessageStore
{
    /// <summary>
    /// Writes all messages into a zip file, as they are, with a manifest of their hashes. A stream that can be read and holds a backup
    /// which was cut off is gone on with: hand in the same stream again. What is whole in it and has not changed since stays.
    /// </summary>
    /// <param name="output">Takes the zip file; stays open. One that can seek is written from its start.</param>
    /// <param name="options">What to leave out, and whom to tell; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the work; what is in the stream then can be gone on with.</param>
    /// <exception cref="IOException">The folder could not be read or the stream not be written.</exception>
    public Task<VoiceBackupReport> BackupAsync(
        Stream output, VoiceBackupOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        return Run(() => Backup(output, options ?? new VoiceBackupOptions(), cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Adds the messages of a backup that the store has not. Each is checked before it is written: name, size, hash, and that it is a
    /// message. Nothing is written outside of the store's two folders, and a message that is there is replaced only by a newer form of
    /// the same audio, or when it is damaged. Done again, it changes nothing. An incremental backup is restored after the one that it
    /// builds on.
    /// </summary>
    /// <param name="backup">The zip file; must be able to seek; stays open.</param>
    /// <param name="progress">Told after each file.</param>
    /// <param name="cancellationToken">Ends the work; messages that were restored by then stay.</param>
    /// <returns>What was restored, and what is wrong with the backup.</returns>
    /// <exception cref="VoiceFormatException">It is no zip file, or has no manifest that can be read.</exception>
    /// <exception cref="NotSupportedException">The stream cannot seek.</exception>
    /// <exception cref="IOException">The backup could not be read or the store not be written.</exception>
    public Task<VoiceRestoreReport> RestoreAsync(
        Stream backup, IProgress<VoiceStoreProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Run(() => new BackupRestorer(this, cancellationToken).Restore(backup, progress), cancellationToken);

    /// <summary>The SHA-256 of bytes, as manifests have it.</summary>
    internal static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexString(SHA256.HashData(bytes)).ToLowerInvariant();

    private VoiceBackupReport Backup(Stream output, VoiceBackupOptions options, CancellationToken cancellationToken)
    {
        var files = Locked(() => _index.ListAll(cancellationToken), cancellationToken);
        var zip = new ZipAppender(output);
        var resumed = Resume(zip, output, files, cancellationToken);
        var since = options.Since?.Entries.Select(entry => (entry.Name, entry.Sha256)).ToHashSet() ?? [];
        var faults = new List<VoiceStoreFault>();
        var entries = new List<VoiceBackupEntry>();
        var (written, read) = (0, 0L);
        foreach (var file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var name = NameOf(file);
            if (resumed.TryGetValue(name, out var whole))
            {
                entries.Add(whole);
                read += whole.Size;
            }
            else if (TryReadBytes(file, faults, out var modified) is { } bytes)
            {
                var hash = HashOf(bytes);
                var isIncluded = !since.Contains((name, hash));
                entries.Add(new VoiceBackupEntry(name, file.Id, bytes.Length, hash, modified, isIncluded));
                if (isIncluded)
                {
                    zip.Add(name, bytes);
                    written++;
                }

                read += bytes.Length;
            }

            options.Progress?.Report(new VoiceStoreProgress(entries.Count + faults.Count, files.Count, read));
        }

        var manifest = new VoiceBackupManifest(_options.Clock.GetUtcNow(), entries);
        zip.Add(VoiceBackupManifest.FileName, manifest.WriteTo);
        zip.Finish();
        return new VoiceBackupReport(manifest, written, resumed.Count, faults);
    }

    // What is in the backup already and still as it is in the store, by name.
    private Dictionary<string, VoiceBackupEntry> Resume(
        ZipAppender zip, Stream output, List<IndexEntry> files, CancellationToken cancellationToken)
    {
        var resumed = new Dictionary<string, VoiceBackupEntry>(StringComparer.Ordinal);
        if (!output.CanSeek)
            return resumed;
        if (!output.CanRead)
        {
            zip.Restart();
            return resumed;
        }

        var byName = files.ToDictionary(NameOf, StringComparer.Ordinal);
        zip.Resume(MaxFileSize, IsAsInStore);
        return resumed;

        bool IsAsInStore(string name, byte[] bytes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return byName.TryGetValue(name, out var file)
                && TryReadBytes(file, [], out var modified) is { } current
                && current.AsSpan().SequenceEqual(bytes)
                && resumed.TryAdd(name, new VoiceBackupEntry(name, file.Id, bytes.Length, HashOf(bytes), modified, IsIncluded: true));
        }
    }

    // Null when the file is gone, which is no fault, or cannot be backed up.
    private byte[]? TryReadBytes(IndexEntry file, List<VoiceStoreFault> faults, out DateTimeOffset modified)
    {
        modified = default;
        try
        {
            var path = _folder.PathOf(file.Direction, file.Name);
            using var stream = StoreFile.OpenStream(path);
            if (stream.Length > MaxFileSize)
            {
                faults.Add(new(VoiceStoreFaultKind.TooLarge, NameOf(file), $"It has {stream.Length} bytes."));
                return null;
            }

            if (!file.IsMessage)
            {
                faults.Add(new(VoiceStoreFaultKind.NotAMessage, NameOf(file), "It is no Ogg Opus."));
                return null;
            }

            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            modified = StoreFile.ModifiedAt(path);
            return bytes;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (StoreFile.IsUnreadable(exception))
        {
            faults.Add(new(VoiceStoreFaultKind.Unreadable, NameOf(file), exception.Message));
            return null;
        }
    }
}
