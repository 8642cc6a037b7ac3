using System.Globalization;
using System.Text.Json;
using VoiceKit.IO;

namespace VoiceKit.Storage;

/// <summary>Writes a <see cref="VoiceBackupManifest"/> as JSON while the backup is made, without keeping its entries.</summary>
internal sealed class ManifestWriter : IDisposable
{
    private const int FlushSize = 32 * 1024;

    private readonly ChecksumStream _checked;
    private readonly Utf8JsonWriter _json;

    public ManifestWriter(DateTimeOffset created)
    {
        _checked = new ChecksumStream(Bytes);
        _json = new Utf8JsonWriter(_checked, new JsonWriterOptions { Indented = true });
        _json.WriteStartObject();
        _json.WriteNumber("version", VoiceBackupManifest.Version);
        _json.WriteString("created", created.UtcDateTime);
        _json.WriteStartArray("files");
    }

    /// <summary>The JSON, when it is finished.</summary>
    public SpoolStream Bytes { get; } = new();

    /// <summary>The CRC-32 of the JSON.</summary>
    public uint Checksum => _checked.Checksum;

    public void Add(VoiceBackupEntry entry)
    {
        _json.WriteStartObject();
        _json.WriteString("name", entry.Name);
        _json.WriteString("id", entry.Id);
        _json.WriteNumber("size", entry.Size);
        _json.WriteString("sha256", entry.Sha256);
        _json.WriteString("modified", entry.Modified.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        _json.WriteBoolean("included", entry.IsIncluded);
        _json.WriteEndObject();
        if (_json.BytesPending > FlushSize)
            _json.Flush();
    }

    public void Finish()
    {
        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.Flush();
    }

    public void Dispose()
    {
        _json.Dispose();
        Bytes.Dispose();
    }
}
