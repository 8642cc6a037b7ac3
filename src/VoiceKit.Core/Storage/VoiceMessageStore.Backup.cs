using System.Security.Cryptography;

namespace VoiceKit.Storage;

public sealed partial class VoiceMessageStore
{
    private const int FilesAtOnce = 512;

    /// <inheritdoc/>
    /// <remarks>
    /// It is written and read asynchronously only. Files are read one after the other, and none of them is held.
    /// </remarks>
    public Task<VoiceBackupReport> BackupAsync(
        Stream output,
        Stream? earlier = null,
        IProgress<VoiceStoreProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        return RunAsync(
            async () =>
            {
                var since = earlier is null
                    ? null
                    : await VoiceBackupManifest.ReadAsync(earlier, cancellationToken).ConfigureAwait(false);
                var writer = new BackupWriter(_folder, MaxFileSize, since, progress, cancellationToken);
                return await writer
                    .WriteAsync(output, AllFiles(cancellationToken), CountFiles(cancellationToken), _options.Clock.GetUtcNow())
                    .ConfigureAwait(false);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The backup is read asynchronously only. Nothing is written outside of the store's two folders, and a message that is there
    /// is replaced only by a newer form of the same audio, or when it is damaged.
    /// </remarks>
    public Task<VoiceRestoreReport> RestoreAsync(
        Stream backup, IProgress<VoiceStoreProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var restorer = new BackupRestorer(this, cancellationToken);
        return RunAsync(() => restorer.RestoreAsync(backup, progress), cancellationToken);
    }

    /// <summary>The SHA-256 of bytes, as manifests have it.</summary>
    internal static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    // The lock is held for a page at a time: nobody waits for a backup.
    private IEnumerable<IndexEntry> AllFiles(CancellationToken cancellationToken)
    {
        IndexEntry? last = null;
        while (true)
        {
            var page = NextFiles(last, cancellationToken);
            foreach (var file in page)
                yield return file;
            if (page.Count < FilesAtOnce)
                yield break;
            last = page[^1];
        }
    }

    private List<IndexEntry> NextFiles(IndexEntry? last, CancellationToken cancellationToken)
    {
        using var held = TakeLockToRead(cancellationToken);
        return _index.ListOldest(last, FilesAtOnce, cancellationToken);
    }

    private int CountFiles(CancellationToken cancellationToken)
    {
        using var held = TakeLockToRead(cancellationToken);
        return _index.Count(cancellationToken);
    }
}
