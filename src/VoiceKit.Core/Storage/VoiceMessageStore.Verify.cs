using VoiceKit.Containers;
using VoiceKit.Opus;

namespace VoiceKit.Storage;

public sealed partial class VoiceMessageStore
{
    /// <inheritdoc/>
    /// <remarks>
    /// It lists damage (<see cref="OpusDefect"/>), ids that more than one file has, and files that are gone and were not deleted
    /// through a store since it last looked. Memory holds 8 bytes a file.
    /// </remarks>
    public Task<IReadOnlyList<VoiceStoreFault>> VerifyAsync(
        IProgress<VoiceStoreProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Run<IReadOnlyList<VoiceStoreFault>>(() => Verify(progress, cancellationToken), cancellationToken);

    private List<VoiceStoreFault> Verify(IProgress<VoiceStoreProgress>? progress, CancellationToken cancellationToken)
    {
        var missing = FindMissing(cancellationToken);
        var faults = new List<VoiceStoreFault>();
        var doubles = FindDoubles(cancellationToken);
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        var (count, done, bytes) = (CountFiles(cancellationToken), 0, 0L);
        foreach (var file in AllFiles(cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var isDouble = file.IsMessage && doubles.Contains(IndexEntry.HashOf(file.Id));
            if (isDouble && !owners.TryAdd(file.Id, file.PathInStore))
            {
                faults.Add(new(
                    VoiceStoreFaultKind.Duplicate,
                    file.PathInStore,
                    $"It has the id '{file.Id}', which {owners[file.Id]} has too."));
            }

            if (Check(file, cancellationToken) is { } fault)
                faults.Add(fault);
            bytes += file.Size;
            progress?.Report(new VoiceStoreProgress(++done, Math.Max(count, done), bytes));
        }

        faults.AddRange(missing);
        return faults;
    }

    private List<VoiceStoreFault> FindMissing(CancellationToken cancellationToken)
    {
        using var held = TakeLockToRead(cancellationToken);
        return _index.FindMissing(cancellationToken).ConvertAll(file => new VoiceStoreFault(
            VoiceStoreFaultKind.Missing,
            StoreFolder.PathInStore(file.Direction, file.Name),
            "It was there before, and is gone."));
    }

    // The hashes of ids that more than one file may have.
    private HashSet<ulong> FindDoubles(CancellationToken cancellationToken)
    {
        var hashes = AllFiles(cancellationToken).Where(file => file.IsMessage).Select(
            file => IndexEntry.HashOf(file.Id)).ToArray();
        Array.Sort(hashes);
        return [.. hashes.Where((hash, i) => i > 0 && hashes[i - 1] == hash)];
    }

    private VoiceStoreFault? Check(IndexEntry file, CancellationToken cancellationToken)
    {
        var name = file.PathInStore;
        try
        {
            using var stream = StoreFile.OpenStream(_folder.PathOf(file.Direction, file.Name));
            if (!file.IsMessage)
                return new VoiceStoreFault(VoiceStoreFaultKind.NotAMessage, name, "It is no Ogg Opus.");
            if (stream.Length > MaxFileSize)
            {
                return new VoiceStoreFault(
                    VoiceStoreFaultKind.TooLarge,
                    name,
                    $"It has {stream.Length} bytes; a backup takes {MaxFileSize} and leaves it out.");
            }

            var info = OpusInfo.Read(stream, cancellationToken: cancellationToken);
            return info.Defects is not [var first, ..] ? null : new VoiceStoreFault(
                VoiceStoreFaultKind.Damaged, name, $"{info.DefectCount} defects; at byte {first.Offset}: {first.Message}");
        }
        catch (VoiceFormatException exception)
        {
            return new VoiceStoreFault(
                VoiceStoreFaultKind.Damaged, name, $"It cannot be read; at byte {exception.Offset}: {exception.Message}");
        }
        catch (Exception exception) when (IsGone(exception))
        {
            return null; // Deleted meanwhile.
        }
        catch (Exception exception) when (StoreFile.IsUnreadable(exception))
        {
            return new VoiceStoreFault(VoiceStoreFaultKind.Unreadable, name, exception.Message);
        }
    }
}
