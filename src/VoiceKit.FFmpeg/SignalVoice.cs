using System.Net.Http.Headers;
using System.Text.Json;
using VoiceKit.Profiles;
using VoiceKit.Storage;

namespace VoiceKit.FFmpeg;

/// <summary>
/// Makes of messages what Signal sends: AAC-LC in ADTS, mono, 44.1 kHz, 32 kbit/s (<see cref="VoiceProfile.Signal"/>), and what
/// goes with it. Nothing of a message's tags is in it, and no bars: each receiver makes its own.
/// </summary>
/// <remarks>
/// What goes to Signal's servers is encrypted: give the bytes to <see cref="EncryptedAttachment"/>. Programs between an app and
/// Signal, such as signal-cli, take them as they are. Needs the ffmpeg program. Thread-safe.
/// </remarks>
public static class SignalVoice
{
    // AttachmentPointer.flags.
    private const int VoiceMessageFlag = 1;

    /// <summary>Encodes a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="options">How the program is used; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    /// <returns>The file.</returns>
    /// <exception cref="FFmpegException">The program is not there, has failed, or did nothing for too long.</exception>
    /// <exception cref="IOException">The message could not be read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<byte[]> EncodeAsync(
        VoiceMessage message, FFmpegOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        using var file = new MemoryStream();
        using var audio = message.OpenAudio();
        var nameless = new StoredVoiceMessage
        {
            Id = "",
            Path = "",
            Direction = VoiceMessageDirection.Sent,
            Time = default,
            Duration = message.Duration,
            Size = message.Size,
        };
        await new FFmpegExporter(FFmpegExportFormat.Adts, options)
            .ExportAsync(nameless, audio, file, cancellationToken).ConfigureAwait(false);
        return file.ToArray();
    }

    /// <summary>
    /// Makes the body of the request that uploads a file of <see cref="EncodeAsync"/>, with its type and its name.
    /// </summary>
    /// <param name="file">The file.</param>
    public static HttpContent ToHttpContent(byte[] file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var content = new ByteArrayContent(file);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(VoiceProfile.Signal.MimeType);
        content.Headers.ContentDisposition =
            new ContentDispositionHeaderValue("attachment") { FileName = VoiceProfile.Signal.FileName };
        return content;
    }

    /// <summary>
    /// Writes what Signal wants to know beside the file (<c>AttachmentPointer</c> in protobuf's JSON): its type, its size, and
    /// the flag that makes it a voice message.
    /// </summary>
    /// <param name="file">The file.</param>
    public static string ToMetadata(byte[] file)
    {
        ArgumentNullException.ThrowIfNull(file);
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteString("contentType", VoiceProfile.Signal.MimeType);
            json.WriteNumber("size", file.Length);
            json.WriteNumber("flags", VoiceMessageFlag);
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(text.ToArray());
    }
}
