using System.Text.Json;
using VoiceKit.Opus;
using VoiceKit.Waveforms;

namespace VoiceKit.Profiles;

/// <summary>The fields that a platform wants beside the file.</summary>
internal sealed class VoiceMetadata(VoiceMessage message, VoiceProfile profile, Waveform? waveform, string? url)
{
    private const int DiscordVoiceMessage = 1 << 13;
    private const string Body = "Voice message";

    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        Action<Utf8JsonWriter> write = profile.Platform switch
        {
            VoicePlatform.Telegram => WriteTelegram,
            VoicePlatform.WhatsApp => WriteWhatsApp,
            VoicePlatform.Discord => WriteDiscord,
            VoicePlatform.MatrixV1 => WriteMatrixV1,
            VoicePlatform.Matrix => WriteMatrix,
            _ => WriteGeneric,
        };
        write(json);
        json.WriteEndObject();
    }

    // documentAttributeAudio; TDLib's inputMessageVoiceNote has the last two under the same names.
    private void WriteTelegram(Utf8JsonWriter json)
    {
        json.WriteBoolean("voice", true);
        json.WriteNumber("duration", VoiceMessageSending.WholeSeconds(message));
        if (waveform is not null)
            json.WriteBase64String("waveform", TelegramWaveform.Encode(waveform));
    }

    // AudioMessage in protobuf's JSON.
    private void WriteWhatsApp(Utf8JsonWriter json)
    {
        WriteUrl(json);
        json.WriteString("mimetype", profile.MimeType);
        json.WriteNumber("seconds", VoiceMessageSending.WholeSeconds(message));
        json.WriteBoolean("ptt", true);
        if (waveform is not null)
            json.WriteBase64String("waveform", WhatsAppWaveform.Encode(waveform));
    }

    private void WriteDiscord(Utf8JsonWriter json)
    {
        json.WriteNumber("flags", DiscordVoiceMessage);
        json.WriteStartArray("attachments");
        json.WriteStartObject();
        json.WriteString("id", "0");
        json.WriteString("filename", profile.FileName);
        json.WriteNumber("duration_secs", Seconds());
        json.WriteString("waveform", DiscordWaveform.Encode(waveform!));
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private void WriteMatrixV1(Utf8JsonWriter json)
    {
        var milliseconds = (long)Math.Round(message.Duration.TotalMilliseconds);
        json.WriteString("msgtype", "m.audio");
        json.WriteString("body", Body);
        WriteUrl(json);
        json.WriteStartObject("info");
        json.WriteNumber("duration", milliseconds);
        json.WriteString("mimetype", profile.MimeType);
        json.WriteNumber("size", message.Size);
        json.WriteEndObject();
        json.WriteString("org.matrix.msc1767.text", Body);
        WriteMatrixFile(json);
        json.WriteStartObject("org.matrix.msc1767.audio");
        json.WriteNumber("duration", milliseconds);
        WriteMatrixWaveform(json, "waveform", WaveformEncoding.MatrixV1);
        json.WriteEndObject();
        json.WriteStartObject("org.matrix.msc3245.voice");
        json.WriteEndObject();
    }

    private void WriteMatrix(Utf8JsonWriter json)
    {
        json.WriteStartArray("org.matrix.msc1767.text");
        json.WriteStartObject();
        json.WriteString("body", Body);
        json.WriteEndObject();
        json.WriteEndArray();
        WriteMatrixFile(json);
        json.WriteStartObject("org.matrix.msc1767.audio_details");
        json.WriteNumber("duration", VoiceMessageSending.WholeSeconds(message)); // Events hold no fractions.
        WriteMatrixWaveform(json, "org.matrix.msc3246.waveform", WaveformEncoding.Matrix);
        json.WriteEndObject();
    }

    private void WriteMatrixFile(Utf8JsonWriter json)
    {
        json.WriteStartObject("org.matrix.msc1767.file");
        WriteUrl(json);
        json.WriteString("name", profile.FileName);
        json.WriteString("mimetype", profile.MimeType);
        json.WriteNumber("size", message.Size);
        json.WriteEndObject();
    }

    private void WriteMatrixWaveform(Utf8JsonWriter json, string name, WaveformEncoding version)
    {
        if (waveform is null)
            return;
        json.WriteStartArray(name);
        foreach (var value in MatrixWaveform.Encode(waveform, version))
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    private void WriteGeneric(Utf8JsonWriter json)
    {
        json.WriteString("name", profile.FileName);
        json.WriteString("mimetype", profile.MimeType);
        json.WriteNumber("size", profile.Container == OpusContainer.Ogg ? message.Size : message.ToFile(profile).Length);
        json.WriteNumber("duration_seconds", Seconds());
    }

    private void WriteUrl(Utf8JsonWriter json)
    {
        if (url is not null)
            json.WriteString("url", url);
    }

    private double Seconds() => Math.Round(message.Duration.TotalSeconds, 3);
}
