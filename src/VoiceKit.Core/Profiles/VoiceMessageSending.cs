using System.Buffers;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using VoiceKit.Editing;
using VoiceKit.Opus;
using VoiceKit.Waveforms;

namespace VoiceKit.Profiles;

/// <summary>
/// Puts messages into what carries them: HTTP uploads and the JSON that platforms want beside the file.
/// </summary>
/// <remarks>The message goes as it is; see <see cref="VoiceProfile.FitAsync"/> for making it fit first.</remarks>
public static class VoiceMessageSending
{
    /// <summary>Makes the body of the request that uploads a message.</summary>
    /// <remarks>
    /// Telegram (Bot API, <c>sendVoice</c>): multipart with <c>voice</c> and <c>duration</c>; the caller adds <c>chat_id</c>.
    /// WhatsApp (Cloud API, media): multipart with <c>messaging_product</c>, <c>type</c> and <c>file</c>. Discord (create
    /// message): multipart with <c>payload_json</c> and <c>files[0]</c>. Matrix (media upload): the bytes alone. Others:
    /// multipart with <c>file</c>.
    /// </remarks>
    /// <param name="message">The message. It is read when the content is sent.</param>
    /// <param name="profile">The platform.</param>
    /// <param name="waveform">The bars, which only Discord wants here.</param>
    /// <exception cref="NotSupportedException">The platform's voice messages are not Opus.</exception>
    /// <exception cref="ArgumentNullException">The platform is Discord and there are no bars.</exception>
    /// <exception cref="IOException">The message could not be opened.</exception>
    public static HttpContent ToHttpContent(this VoiceMessage message, VoiceProfile profile, Waveform? waveform = null)
    {
        Check(message, profile);
        switch (profile.Platform)
        {
            case VoicePlatform.Matrix or VoicePlatform.MatrixV1:
                return FileOf(message, profile);
            case VoicePlatform.Telegram:
                return NewForm().With("duration", $"{WholeSeconds(message)}").With(message, profile, "voice");
            case VoicePlatform.WhatsApp:
                return NewForm()
                    .With("messaging_product", "whatsapp")
                    .With("type", profile.MimeType)
                    .With(message, profile, "file");
            case VoicePlatform.Discord:
                var payload = new StringContent(ToMetadata(message, profile, waveform), Encoding.UTF8, "application/json");
                return NewForm().With("payload_json", payload).With(message, profile, "files[0]");
            default:
                return NewForm().With(message, profile, "file");
        }
    }

    /// <summary>Makes the file that a platform gets: the message itself, or its packets in the platform's container.</summary>
    /// <param name="message">The message.</param>
    /// <param name="profile">The platform.</param>
    /// <exception cref="NotSupportedException">The platform's voice messages are not Opus.</exception>
    /// <exception cref="VoiceFormatException">
    /// The container has no place for what the message is: several links, surround, a gain.
    /// </exception>
    /// <exception cref="IOException">The message could not be read.</exception>
    public static byte[] ToFile(this VoiceMessage message, VoiceProfile profile)
    {
        Check(message, profile);
        if (profile.Container == OpusContainer.Ogg)
            return message.ToArray();
        using var file = new MemoryStream();
        using (var input = message.OpenRead())
        {
            if (profile.Container == OpusContainer.Caf)
            {
                OpusEditor.RemuxToCaf(
                    input, file, OpusRates.IsSupported(profile.SampleRate) ? profile.SampleRate : OpusRates.Full);
            }
            else
                OpusEditor.Remux(input, file, profile.Container);
        }

        return file.ToArray();
    }

    /// <summary>Writes what a platform wants to know beside the file, as one JSON object with its own field names.</summary>
    /// <remarks>
    /// Telegram: <c>documentAttributeAudio</c>. WhatsApp: <c>AudioMessage</c>. Discord: a message with flag 8192 and its
    /// attachment. Matrix: the content of an <c>m.room.message</c> event, or of <c>org.matrix.msc3245.voice.v2</c>. Others:
    /// name, type, size and seconds. Bytes are base64.
    /// </remarks>
    /// <param name="message">The message.</param>
    /// <param name="profile">The platform.</param>
    /// <param name="waveform">The bars; null to leave them out.</param>
    /// <param name="url">Where the file was uploaded to, for Matrix and WhatsApp; null to leave it out.</param>
    /// <exception cref="NotSupportedException">The platform's voice messages are not Opus.</exception>
    /// <exception cref="ArgumentNullException">The platform is Discord, which wants bars, and there are none.</exception>
    public static string ToMetadata(
        this VoiceMessage message, VoiceProfile profile, Waveform? waveform = null, string? url = null)
    {
        Check(message, profile);
        if (profile.Platform == VoicePlatform.Discord)
            ArgumentNullException.ThrowIfNull(waveform);
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text))
            new VoiceMetadata(message, profile, waveform, url).WriteTo(json);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    /// <summary>The length in whole seconds, as a row of a chat shows it: never 0.</summary>
    internal static long WholeSeconds(VoiceMessage message) => Math.Max(1, (long)Math.Round(message.Duration.TotalSeconds));

    internal static void Check(VoiceMessage message, VoiceProfile profile)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(profile);
        if (!profile.TakesOpus)
            throw new NotSupportedException($"Voice messages of {profile.Name} are {profile.MimeType}, not Opus.");
    }

    // Some servers take no quotes around the boundary.
    private static MultipartFormDataContent NewForm()
    {
        var form = new MultipartFormDataContent();
        var boundary = form.Headers.ContentType!.Parameters.First(parameter => parameter.Name == "boundary");
        boundary.Value = boundary.Value!.Trim('"');
        return form;
    }

    private static MultipartFormDataContent With(this MultipartFormDataContent form, string name, string text)
    {
        var content = new StringContent(text);
        content.Headers.ContentType = null;
        return form.With(name, content);
    }

    // And some take only names with quotes.
    private static MultipartFormDataContent With(
        this MultipartFormDataContent form, string name, HttpContent content, string? fileName = null)
    {
        content.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data")
        {
            Name = $"\"{name}\"",
            FileName = fileName is null ? null : $"\"{fileName}\"",
        };
        form.Add(content);
        return form;
    }

    private static MultipartFormDataContent With(
        this MultipartFormDataContent form, VoiceMessage message, VoiceProfile profile, string name) =>
        form.With(name, FileOf(message, profile), profile.FileName);

    private static StreamContent FileOf(VoiceMessage message, VoiceProfile profile)
    {
        var isAsItIs = profile.Container == OpusContainer.Ogg;
        var file = isAsItIs ? message.OpenRead() : new MemoryStream(message.ToFile(profile));
        var content = new StreamContent(file);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(profile.MimeType);
        content.Headers.ContentLength = isAsItIs ? message.Size : file.Length;
        return content;
    }
}
