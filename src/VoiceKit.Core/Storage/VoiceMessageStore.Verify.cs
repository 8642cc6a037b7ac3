using VoiceKit.Containers;
using VoiceKit.Opus;

namespace VoiceKit.Storage;

public sealed partial class VoiceMessageStore
{
    /// <summary>
    /// Reads all files to their ends and lists what is wrong: damage (<see cref="OpusDefect"/>), ids that more than one file has,
    /// and files that are gone and were not deleted through a store since it last looked.
    /// </summary>
    /// <param name="progress">Told after each file.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The faults; none when all is well.</returns>
    /// <exception cref="IOException">The folders could not be read.</exception>
    public Task<IReadOnlyList<VoiceStoreFault>> VerifyAsync(
        IProgress<VoiceStoreProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Run<IReadOnlyList<VoiceStoreFault>>(() => Verify(progress, cancellationToken), cancellationToken);

    private List<VoiceStoreFault> Verify(IProgress<VoiceStoreProgress>? progress, CancellationToken cancellationToken)
    {
        var known = Locked(_index.KnownNames, cancellationToken);
        var files = Locked(() => _index.ListAll(cancellationToken), cancellationToken);
        var faults = new List<VoiceStoreFault>();
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        var bytes = 0L;
        for (var i = 0; i < files.Count; i++)
        {
            var file = files[i];
            var name = NameOf(file);
            known.Remove(file.Key);
            if (file.IsMessage && !owners.TryAdd(file.Id, name))
                faults.Add(new(VoiceStoreFaultKind.Duplicate, name, $"It has the id '{file.Id}', which {owners[file.Id]} has too."));
            if (Check(file, name, cancellationToken) is { } fault)
                faults.Add(fault);
            bytes += file.Size;
            progress?.Report(new VoiceStoreProgress(i + 1, files.Count, bytes));
        }

        foreach (var (direction, name) in known)
            faults.Add(new(VoiceStoreFaultKind.Missing, $"{FolderName(direction)}/{name}", "It was there before, and is gone."));
        return faults;
    }

    private VoiceStoreFault? Check(IndexEntry file, string name, CancellationToken cancellationToken)
    {
        try
        {
            using var stream = StoreFile.OpenStream(_folder.PathOf(file.Direction, file.Name));
            if (!file.IsMessage)
                return new VoiceStoreFault(VoiceStoreFaultKind.NotAMessage, name, "It is no Ogg Opus.");
            if (stream.Length > MaxFileSize)
            {
                return new VoiceStoreFault(
                    VoiceStoreFaultKind.TooLarge, name, $"It has {stream.Length} bytes; a backup takes {MaxFileSize} and leaves it out.");
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
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null; // Deleted meanwhile.
        }
        catch (Exception exception) when (StoreFile.IsUnreadable(exception))
        {
            return new VoiceStoreFault(VoiceStoreFaultKind.Unreadable, name, exception.Message);
        }
    }

    private static string FolderName(VoiceMessageDirection direction) =>
        direction == VoiceMessageDirection.Sent ? StoreFolder.Sent : StoreFolder.Received;

    private static string NameOf(IndexEntry file) => $"{FolderName(file.Direction)}/{file.Name}";
}
