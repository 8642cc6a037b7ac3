using System.IO.Compression;
using System.Text.Json;

namespace VoiceKit.Storage;

/// <summary>
/// What a backup says of itself in <c>manifest.json</c>: all messages of the store, and which of them are in it.
/// </summary>
internal sealed class VoiceBackupManifest
{
    internal const string FileName = "manifest.json";
    internal const int Version = 1;

    // Hashes do not compress: a manifest of a store takes a quarter of its bytes or more.
    private const int MaxExpansion = 16;

    /// <summary>Creates a manifest.</summary>
    /// <param name="created">When the backup was made.</param>
    /// <param name="entries">The messages.</param>
    public VoiceBackupManifest(DateTimeOffset created, IReadOnlyList<VoiceBackupEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        (Created, Entries) = (created, entries);
    }

    /// <summary>When the backup was made.</summary>
    public DateTimeOffset Created { get; }

    /// <summary>The messages.</summary>
    public IReadOnlyList<VoiceBackupEntry> Entries { get; }

    /// <summary>Reads the manifest of a backup.</summary>
    /// <param name="backup">The zip file, or the <c>manifest.json</c> out of it; must be able to seek; stays open.</param>
    /// <exception cref="VoiceFormatException">
    /// The stream is neither a backup nor a manifest, or its manifest cannot be read.
    /// </exception>
    /// <exception cref="NotSupportedException">The stream cannot seek.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public static VoiceBackupManifest Read(Stream backup)
    {
        CheckSeekable(backup);
        backup.Position = 0;
        var isJson = backup.ReadByte() == '{';
        backup.Position = 0;
        if (isJson)
            return Parse(backup);
        try
        {
            using var zip = new ZipArchive(backup, ZipArchiveMode.Read, leaveOpen: true);
            using var manifest = Find(zip, out var limit).Open();
            using var json = new MemoryStream();
            BoundedCopy.Run(manifest, json, limit);
            return Parse(json);
        }
        catch (InvalidDataException exception)
        {
            throw NoZip(exception);
        }
    }

    /// <summary>Reads the manifest of a backup; the stream is read asynchronously only.</summary>
    /// <param name="backup">The zip file, or the <c>manifest.json</c> out of it; must be able to seek; stays open.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="VoiceFormatException">
    /// The stream is neither a backup nor a manifest, or its manifest cannot be read.
    /// </exception>
    /// <exception cref="NotSupportedException">The stream cannot seek.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public static async Task<VoiceBackupManifest> ReadAsync(Stream backup, CancellationToken cancellationToken = default)
    {
        CheckSeekable(backup);
        var first = new byte[1];
        backup.Position = 0;
        var isJson = await backup.ReadAsync(first, cancellationToken).ConfigureAwait(false) == 1 && first[0] == '{';
        backup.Position = 0;
        if (isJson)
            return await ParseAsync(backup, backup.Length, cancellationToken).ConfigureAwait(false);
        var zip = await OpenAsync(backup, cancellationToken).ConfigureAwait(false);
        await using var _ = zip.ConfigureAwait(false);
        return await ReadAsync(zip, cancellationToken).ConfigureAwait(false);
    }

    internal static async Task<ZipArchive> OpenAsync(Stream backup, CancellationToken cancellationToken)
    {
        CheckSeekable(backup);
        try
        {
            var zip = await ZipDirectoryStream.ReadAsync(backup, cancellationToken).ConfigureAwait(false);
            return await ZipArchive.CreateAsync(
                zip, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException exception)
        {
            throw NoZip(exception);
        }
    }

    internal static async Task<VoiceBackupManifest> ReadAsync(ZipArchive zip, CancellationToken cancellationToken)
    {
        try
        {
            var entry = Find(zip, out var limit);
            var manifest = await entry.OpenAsync(cancellationToken).ConfigureAwait(false);
            await using var _ = manifest.ConfigureAwait(false);
            return await ParseAsync(manifest, limit, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException exception)
        {
            throw NoZip(exception);
        }
    }

    private static ZipArchiveEntry Find(ZipArchive zip, out long limit)
    {
        var entries = zip.Entries.Where(entry => entry.FullName == FileName).Take(2).ToArray();
        if (entries.Length != 1)
        {
            throw new VoiceFormatException(
                entries.Length == 0 ? "There is no manifest.json in it." : "There are several manifest.json in it.");
        }

        // Who has made it is not known: what it takes in memory is bounded by what it takes in the file.
        limit = Math.Min(entries[0].Length, (1L << 20) + MaxExpansion * entries[0].CompressedLength);
        return entries[0];
    }

    private static async Task<VoiceBackupManifest> ParseAsync(Stream source, long limit, CancellationToken cancellationToken)
    {
        using var json = new MemoryStream();
        await BoundedCopy.RunAsync(source, json, Math.Min(limit, int.MaxValue), cancellationToken).ConfigureAwait(false);
        return Parse(json);
    }

    private static VoiceBackupManifest Parse(Stream json)
    {
        try
        {
            json.Position = 0;
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement);
        }
        catch (Exception exception) when (
            exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new VoiceFormatException($"The manifest.json cannot be read: {exception.Message}", innerException: exception);
        }
    }

    private static void CheckSeekable(Stream backup)
    {
        ArgumentNullException.ThrowIfNull(backup);
        if (!backup.CanSeek)
            throw new NotSupportedException("The stream cannot seek.");
    }

    private static VoiceFormatException NoZip(InvalidDataException exception) =>
        new($"This is no whole zip file: {exception.Message}", innerException: exception);

    private static VoiceBackupManifest Read(JsonElement root)
    {
        if (root.GetProperty("version").GetInt32() != Version)
            throw new FormatException("It is of a version that is not known.");
        var entries = new List<VoiceBackupEntry>();
        foreach (var file in root.GetProperty("files").EnumerateArray())
        {
            entries.Add(new VoiceBackupEntry(
                file.GetProperty("name").GetString()!,
                file.GetProperty("id").GetString()!,
                file.GetProperty("size").GetInt64(),
                file.GetProperty("sha256").GetString()!,
                file.GetProperty("modified").GetDateTimeOffset(),
                file.GetProperty("included").GetBoolean()));
        }

        if (entries.Any(entry => entry.Name is null || entry.Id is null || entry.Sha256 is null || entry.Size < 0))
            throw new FormatException("A file lacks its name, id, size or hash.");
        return new VoiceBackupManifest(root.GetProperty("created").GetDateTimeOffset(), entries);
    }
}
