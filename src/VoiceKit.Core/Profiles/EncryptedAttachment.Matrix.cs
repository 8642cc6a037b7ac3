using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace VoiceKit.Profiles;

public sealed partial class EncryptedAttachment
{
    private const int MatrixVersion = 2;

    /// <summary>Reads what a Matrix event has in <c>file</c> (<c>EncryptedFile</c>), of version v2, v1 or none.</summary>
    /// <param name="json">The JSON object; members that say nothing of the encryption are passed over.</param>
    /// <exception cref="VoiceFormatException">
    /// The text is no such object: a member is missing or broken, the algorithm is another, or there is no SHA-256.
    /// </exception>
    public static EncryptedAttachment FromMatrixJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json);
            return FromMatrix(document.RootElement);
        }
        catch (Exception exception)
            when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new VoiceFormatException($"It is no EncryptedFile of Matrix: {exception.Message}", innerException: exception);
        }
    }

    /// <summary>Writes what a Matrix event has in <c>file</c>: <c>EncryptedFile</c>, version v2.</summary>
    /// <param name="url">Where the encrypted file was uploaded to, such as <c>mxc://…</c>.</param>
    /// <exception cref="InvalidOperationException">The scheme is another.</exception>
    /// <exception cref="ObjectDisposedException">The object is disposed.</exception>
    public string ToMatrixJson(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (Scheme != AttachmentScheme.Matrix)
            throw new InvalidOperationException("The attachment is not one of Matrix.");
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("url", url);
            json.WriteString("v", $"v{Math.Max(1, CounterVersion)}");
            json.WriteStartObject("key");
            json.WriteString("kty", "oct");
            json.WriteStartArray("key_ops");
            json.WriteStringValue("encrypt");
            json.WriteStringValue("decrypt");
            json.WriteEndArray();
            json.WriteString("alg", "A256CTR");
            json.WriteString("k", Base64Url.EncodeToString(Key));
            json.WriteBoolean("ext", true);
            json.WriteEndObject();
            json.WriteString("iv", Unpadded(_vector));
            json.WriteStartObject("hashes");
            json.WriteString("sha256", Unpadded(_hash));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static EncryptedAttachment FromMatrix(JsonElement file)
    {
        var version = !file.TryGetProperty("v", out var v) ? 0 : v.GetString() switch
        {
            "v1" => 1,
            "v2" => 2,
            var other => throw new FormatException($"Version '{other}' is not known."),
        };
        var jwk = file.GetProperty("key");
        if (jwk.GetProperty("alg").GetString() is not "A256CTR" and var algorithm)
            throw new FormatException($"The algorithm is '{algorithm}', not A256CTR.");
        var key = Base64Url.DecodeFromChars(jwk.GetProperty("k").GetString());
        var vector = Decode(file.GetProperty("iv").GetString());
        var hash = Decode(file.GetProperty("hashes").GetProperty("sha256").GetString());
        if (key.Length != AttachmentCipher.KeyLength || vector.Length != AttachmentCipher.VectorLength
            || hash.Length != SHA256.HashSizeInBytes)
        {
            throw new FormatException("A key, an initialization vector or a hash is of another length.");
        }

        var attachment = new EncryptedAttachment(
            AttachmentScheme.Matrix, key, new AttachmentResult { Vector = vector, Hash = hash, CounterVersion = version });
        CryptographicOperations.ZeroMemory(key);
        return attachment;
    }

    // Base64 without padding; some senders pad all the same.
    private static byte[] Decode(string? text)
    {
        var trimmed = (text ?? "").TrimEnd('=');
        return Convert.FromBase64String(trimmed.PadRight((trimmed.Length + 3) / 4 * 4, '='));
    }

    private static string Unpadded(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');
}
