using System.Globalization;
using System.IO.Compression;
using System.Text.Json;

namespace VoiceKit.Storage;

/// <summary>What a backup says of itself in <c>manifest.json</c>: all messages of the store, and which of them are in it.</summary>
public sealed class VoiceBackupManifest
{
    internal const string FileName = "manifest.json";
    private const int Version = 1;
    private const int FlushSize = 32 * 1024;

    // Hashes do not compress: a manifest of a store takes a quarter of its bytes or more.
    private const int MaxExpansion = 16;

    internal VoiceBackupManifest(DateTimeOffset created, IReadOnlyList<VoiceBackupEntry> entries) =>
        (Created, Entries) = (created, entries);

    /// <summary>When the backup was made.</summary>
    public DateTimeOffset Created { get; }

    /// <summary>The messages.</summary>
    public IReadOnlyList<VoiceBackupEntry> Entries { get; }

    /// <summary>Reads the manifest of a backup.</summary>
    /// <param name="backup">The zip file, or the <c>manifest.json</c> out of it; must be able to seek; stays open.</param>
    /// <exception cref="VoiceFormatException">It is neither, or there is no manifest that can be read.</exception>
    /// <exception cref="NotSupportedException">The stream cannot seek.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public static VoiceBackupManifest Read(Stream backup)
    {
        ArgumentNullException.ThrowIfNull(backup);
        if (backup.CanSeek && IsJson(backup))
            return ReadJson(backup);
        using var zip = Open(backup);
        return Read(zip);
    }

    internal static ZipArchive Open(Stream backup)
    {
        ArgumentNullException.ThrowIfNull(backup);
        if (!backup.CanSeek)
            throw new NotSupportedException("The stream cannot seek.");
        try
        {
            var zip = new ZipArchive(backup, ZipArchiveMode.Read, leaveOpen: true);
            _ = zip.Entries; // Reads the directory.
            return zip;
        }
        catch (InvalidDataException exception)
        {
            throw new VoiceFormatException($"This is no whole zip file: {exception.Message}", innerException: exception);
        }
    }

    internal static VoiceBackupManifest Read(ZipArchive zip)
    {
        var entries = zip.Entries.Where(entry => entry.FullName == FileName).Take(2).ToArray();
        if (entries.Length != 1)
            throw new VoiceFormatException(entries.Length == 0 ? "There is no manifest.json in it." : "There are several manifest.json in it.");

        // Who has made it is not known: what it takes in memory is bounded by what it takes in the file.
        var limit = Math.Min(entries[0].Length, (1L << 20) + MaxExpansion * entries[0].CompressedLength);
        return Parse(json =>
        {
            using var stream = entries[0].Open();
            BoundedCopy.Run(stream, json, limit);
        });
    }

    private static bool IsJson(Stream backup)
    {
        backup.Position = 0;
        var first = backup.ReadByte();
        backup.Position = 0;
        return first == '{';
    }

    private static VoiceBackupManifest ReadJson(Stream file) =>
        Parse(json => BoundedCopy.Run(file, json, Math.Min(file.Length, int.MaxValue)));

    private static VoiceBackupManifest Parse(Action<Stream> copy)
    {
        try
        {
            using var json = new MemoryStream();
            copy(json);
            using var document = JsonDocument.Parse(json.GetBuffer().AsMemory(0, (int)json.Length));
            return Read(document.RootElement);
        }
        catch (Exception exception) when (exception is InvalidDataException or JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new VoiceFormatException($"The manifest.json cannot be read: {exception.Message}", innerException: exception);
        }
    }

    /// <summary>Writes it as JSON, the same each time.</summary>
    internal void WriteTo(Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteNumber("version", Version);
        json.WriteString("created", Created.UtcDateTime);
        json.WriteStartArray("files");
        foreach (var entry in Entries)
        {
            Write(json, entry);
            if (json.BytesPending > FlushSize)
                json.Flush();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, VoiceBackupEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("name", entry.Name);
        json.WriteString("id", entry.Id);
        json.WriteNumber("size", entry.Size);
        json.WriteString("sha256", entry.Sha256);
        json.WriteString("modified", entry.Modified.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        json.WriteBoolean("included", entry.IsIncluded);
        json.WriteEndObject();
    }

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
