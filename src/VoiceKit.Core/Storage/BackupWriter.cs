using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace VoiceKit.Storage;

/// <summary>
/// Writes one backup of a store. It passes on one file after the other and keeps no list of them: memory holds the largest
/// message and 16 bytes for each that is left out.
/// </summary>
internal sealed class BackupWriter(
    StoreFolder folder,
    long maxFileSize,
    VoiceBackupManifest? since,
    IProgress<VoiceStoreProgress>? progress,
    CancellationToken cancellationToken)
{
    private readonly List<VoiceStoreFault> _faults = [];

    // What is in the backup already, by hashes of names; and what an earlier backup has, by those of names and contents.
    private readonly HashSet<UInt128> _resumed = [];
    private readonly HashSet<UInt128> _earlier = [];
    private int _written;
    private int _done;
    private long _bytes;

    /// <summary>Writes it.</summary>
    /// <param name="output">Takes it.</param>
    /// <param name="files">The files, in order.</param>
    /// <param name="count">How many there are, for those who are told of the progress.</param>
    /// <param name="now">The time of the backup.</param>
    public async Task<VoiceBackupReport> WriteAsync(Stream output, IEnumerable<IndexEntry> files, int count, DateTimeOffset now)
    {
        foreach (var entry in since?.Entries ?? [])
            _earlier.Add(HashOf(entry.Name, entry.Sha256));
        using var manifest = new ManifestWriter(now);
        using var zip = new ZipAppender(output);
        await ResumeAsync(zip, output, manifest).ConfigureAwait(false);
        foreach (var file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!_resumed.Contains(HashOf(file.PathInStore)))
                await AddAsync(zip, manifest, file).ConfigureAwait(false);
            progress?.Report(new VoiceStoreProgress(++_done, Math.Max(count, _done), _bytes));
        }

        manifest.Finish();
        await zip.AddAsync(
            VoiceBackupManifest.FileName, manifest.Bytes, manifest.Checksum, cancellationToken).ConfigureAwait(false);
        await zip.FinishAsync(cancellationToken).ConfigureAwait(false);
        return new VoiceBackupReport { WrittenCount = _written, ResumedCount = _resumed.Count, Faults = _faults };
    }

    private async Task ResumeAsync(ZipAppender zip, Stream output, ManifestWriter manifest)
    {
        if (!output.CanSeek)
            return;
        if (output.CanRead)
        {
            await zip.ResumeAsync(maxFileSize, (name, bytes) => IsAsInStore(name, bytes, manifest), cancellationToken)
                .ConfigureAwait(false);
        }
        else
        {
            zip.Restart();
        }
    }

    private bool IsAsInStore(string name, byte[] bytes, ManifestWriter manifest)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (StoreFolder.TryParse(name) is not { } place
            || TryReadAgain(place.Direction, place.Name, out var modified) is not { } current
            || !current.AsSpan().SequenceEqual(bytes)
            || StoreFile.TryReadId(bytes, place.Direction, place.Name) is not { } id
            || !_resumed.Add(HashOf(name)))
        {
            return false;
        }

        manifest.Add(new VoiceBackupEntry(name, id, bytes.Length, VoiceMessageStore.HashOf(bytes), modified, IsIncluded: true));
        _bytes += bytes.Length;
        return true;
    }

    private async Task AddAsync(ZipAppender zip, ManifestWriter manifest, IndexEntry file)
    {
        if (TryRead(file, out var id, out var modified) is not { } bytes)
            return;
        var (name, hash) = (file.PathInStore, VoiceMessageStore.HashOf(bytes));
        var isIncluded = !_earlier.Contains(HashOf(name, hash));
        manifest.Add(new VoiceBackupEntry(name, id, bytes.Length, hash, modified, isIncluded));
        _bytes += bytes.Length;
        if (!isIncluded)
            return;
        await zip.AddAsync(name, bytes, cancellationToken).ConfigureAwait(false);
        _written++;
    }

    // Null when the file is gone, which is no fault, or cannot be backed up.
    private byte[]? TryRead(IndexEntry file, out string id, out DateTimeOffset modified)
    {
        (id, modified) = (file.Id, default);
        try
        {
            var bytes = file.IsMessage ? ReadBytes(file.Direction, file.Name, out modified) : null;
            if (bytes is not null && file.IsUnread)
                id = StoreFile.TryReadId(bytes, file.Direction, file.Name) ?? "";
            if (file.IsMessage && id.Length > 0)
                return bytes;
            _faults.Add(new(VoiceStoreFaultKind.NotAMessage, file.PathInStore, "It is no Ogg Opus."));
        }
        catch (Exception exception) when (StoreFile.IsUnreadable(exception) && !StoreFile.HasNoHandles(exception))
        {
            _faults.Add(new(VoiceStoreFaultKind.Unreadable, file.PathInStore, exception.Message));
        }

        return null;
    }

    // Of what cannot be read, the fault is told when its turn comes.
    private byte[]? TryReadAgain(VoiceMessageDirection direction, string name, out DateTimeOffset modified)
    {
        try
        {
            return ReadBytes(direction, name, out modified);
        }
        catch (Exception exception) when (StoreFile.IsUnreadable(exception) && !StoreFile.HasNoHandles(exception))
        {
            modified = default;
            return null;
        }
    }

    private byte[]? ReadBytes(VoiceMessageDirection direction, string name, out DateTimeOffset modified)
    {
        modified = default;
        var path = folder.PathOf(direction, name);
        try
        {
            using var stream = StoreFile.OpenStream(path);
            if (stream.Length > maxFileSize)
            {
                _faults.Add(
                    new(
                        VoiceStoreFaultKind.TooLarge,
                        StoreFolder.PathInStore(direction, name),
                        $"It has {stream.Length} bytes."));
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
    }

    private static UInt128 HashOf(string name, string content = "") =>
        MemoryMarshal.Read<UInt128>(SHA256.HashData(Encoding.UTF8.GetBytes($"{content}/{name}")));
}
