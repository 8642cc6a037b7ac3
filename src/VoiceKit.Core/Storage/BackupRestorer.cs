using System.IO.Compression;

namespace VoiceKit.Storage;

/// <summary>Restores one backup into a store. All that the backup says is checked: it may come from anyone.</summary>
internal sealed class BackupRestorer(VoiceMessageStore store, CancellationToken cancellationToken)
{
    private const int LinkMode = 0xA000;
    private const int KindMode = 0xF000;

    private readonly List<VoiceStoreFault> _faults = [];
    private readonly List<StoredVoiceMessage> _restored = [];
    private Dictionary<long, List<string>>? _withoutId;
    private int _replaced;
    private int _unchanged;
    private int _newer;

    public enum Outcome
    {
        Restored,
        Replaced,
        Unchanged,
        Newer,
        Conflict,
        Unreadable,
    }

    public async Task<VoiceRestoreReport> RestoreAsync(Stream backup, IProgress<VoiceStoreProgress>? progress)
    {
        var zip = await VoiceBackupManifest.OpenAsync(backup, cancellationToken).ConfigureAwait(false);
        await using var _ = zip.ConfigureAwait(false);
        var manifest = await VoiceBackupManifest.ReadAsync(zip, cancellationToken).ConfigureAwait(false);
        var files = FindFiles(zip);
        var named = new HashSet<string>(StringComparer.Ordinal);
        var bytes = 0L;
        for (var i = 0; i < manifest.Entries.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var entry = manifest.Entries[i];
            if (!named.Add(entry.Name))
                Fault(VoiceStoreFaultKind.Duplicate, entry.Name, "The manifest names it twice.");
            else if (!files.TryGetValue(entry.Name, out var file))
                NoteMissing(entry);
            else
                await RestoreAsync(entry, file).ConfigureAwait(false);
            bytes += entry.Size;
            progress?.Report(new VoiceStoreProgress(i + 1, manifest.Entries.Count, bytes));
        }

        foreach (var name in files.Keys.Where(name => !named.Contains(name)))
            Fault(VoiceStoreFaultKind.NotInManifest, name, "The manifest does not name it.");
        return new VoiceRestoreReport
        {
            Restored = _restored, ReplacedCount = _replaced, UnchangedCount = _unchanged, NewerCount = _newer, Faults = _faults,
        };
    }

    private void Fault(VoiceStoreFaultKind kind, string name, string message) =>
        _faults.Add(new VoiceStoreFault(kind, name, message));

    private Dictionary<string, ZipArchiveEntry> FindFiles(ZipArchive zip)
    {
        var files = new Dictionary<string, ZipArchiveEntry>(StringComparer.Ordinal);
        foreach (var entry in zip.Entries)
        {
            if (entry.FullName is VoiceBackupManifest.FileName or StoreFolder.Sent + "/" or StoreFolder.Received + "/")
                continue;
            if (((entry.ExternalAttributes >> 16) & KindMode) == LinkMode)
                Fault(VoiceStoreFaultKind.Link, entry.FullName, "It is a symbolic link.");
            else if (StoreFolder.TryParse(entry.FullName) is null)
                Fault(VoiceStoreFaultKind.BadName, entry.FullName, "It is none of 'Sent/NAME.opus' and 'Received/NAME.opus'.");
            else if (!files.TryAdd(entry.FullName, entry))
                Fault(VoiceStoreFaultKind.Duplicate, entry.FullName, "There are several files of this name: the first counts.");
        }

        // Not on every system may both be there; the second one gets another name.
        foreach (var group in files.Keys.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(
            group => group.Count() > 1))
            Fault(VoiceStoreFaultKind.Duplicate, group.Last(), $"But for case it is the name of {group.First()}.");
        return files;
    }

    // What is in an earlier backup was restored from there.
    private void NoteMissing(VoiceBackupEntry entry)
    {
        if (StoreFolder.TryParse(entry.Name) is null)
            Fault(VoiceStoreFaultKind.BadName, entry.Name, "It is none of 'Sent/NAME.opus' and 'Received/NAME.opus'.");
        else if (entry.IsIncluded)
            Fault(VoiceStoreFaultKind.Missing, entry.Name, "The manifest names it, and it is not there.");
        else if (IsThereWithoutId(entry) || store.Has(entry.Id, cancellationToken))
            _unchanged++;
        else
            Fault(VoiceStoreFaultKind.Missing, entry.Name, "It is in an earlier backup, which was not restored.");
    }

    private async Task RestoreAsync(VoiceBackupEntry entry, ZipArchiveEntry file)
    {
        if (await TryReadBytesAsync(entry, file).ConfigureAwait(false) is not { } bytes)
            return;
        try
        {
            if (IsThereWithoutId(entry))
            {
                _unchanged++;
                return;
            }

            var (direction, name) = StoreFolder.TryParse(entry.Name)!.Value;
            var (outcome, message) = store.Restore(direction, name, bytes, entry.Modified, cancellationToken);
            if (message is not null)
                _restored.Add(message);
            _replaced += outcome == Outcome.Replaced ? 1 : 0;
            _unchanged += outcome == Outcome.Unchanged ? 1 : 0;
            _newer += outcome == Outcome.Newer ? 1 : 0;
            if (outcome == Outcome.Conflict)
                Fault(VoiceStoreFaultKind.Conflict, entry.Name, "The store has another message of its id, with other audio.");
            if (outcome == Outcome.Unreadable)
                Fault(VoiceStoreFaultKind.Unreadable, entry.Name, "The store has a message of its id, which cannot be read.");
        }
        catch (VoiceFormatException exception)
        {
            Fault(VoiceStoreFaultKind.NotAMessage, entry.Name, exception.Message);
        }
    }

    // The names of files that do not say what their ids are tell nothing: anyone may have renamed them. Each stands for one.
    private bool IsThereWithoutId(VoiceBackupEntry entry)
    {
        if (!StoreTags.IsDerived(entry.Id))
            return false;
        _withoutId ??= store.FilesWithoutId(cancellationToken);
        if (!_withoutId.TryGetValue(entry.Size, out var paths))
            return false;
        var at = paths.FindIndex(path => VoiceMessageStore.HasContent(path, entry));
        if (at >= 0)
            paths.RemoveAt(at);
        return at >= 0;
    }

    private async Task<byte[]?> TryReadBytesAsync(VoiceBackupEntry entry, ZipArchiveEntry file)
    {
        if (entry.Size > store.MaxFileSize || file.Length != entry.Size)
        {
            var kind = file.Length < entry.Size && entry.Size <= store.MaxFileSize
                ? VoiceStoreFaultKind.Damaged
                : VoiceStoreFaultKind.TooLarge;
            Fault(
                kind,
                entry.Name,
                $"The manifest says {entry.Size} bytes, the zip file {file.Length}; {store.MaxFileSize} are allowed.");
            return null;
        }

        try
        {
            // Memory grows with what is there, not with what is said.
            using var bytes = new MemoryStream();
            var stream = await file.OpenAsync(cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
                await BoundedCopy.RunAsync(stream, bytes, entry.Size, cancellationToken).ConfigureAwait(false);
            var content = bytes.ToArray();
            if (VoiceMessageStore.HashOf(content).Equals(entry.Sha256, StringComparison.OrdinalIgnoreCase))
                return content;
            Fault(VoiceStoreFaultKind.WrongHash, entry.Name, "Its bytes are not those of the manifest's hash.");
        }
        catch (InvalidDataException exception)
        {
            Fault(VoiceStoreFaultKind.Damaged, entry.Name, exception.Message);
        }

        return null;
    }
}
