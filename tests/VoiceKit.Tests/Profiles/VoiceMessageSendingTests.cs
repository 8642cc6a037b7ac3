using System.Net.Mail;
using System.Text;
using System.Text.Json;
using VoiceKit.Audio;
using VoiceKit.LibOpus;
using VoiceKit.Mail;
using VoiceKit.Profiles;
using VoiceKit.Tests.Support;
using VoiceKit.Waveforms;

namespace VoiceKit.Tests.Profiles;

public class VoiceMessageSendingTests
{
    private static byte[] Bytes => field ??= Pcm.Encode(Signals.Voice(48_000 * 4 + 30_000), new AudioFormat(48_000, 1));
    private static VoiceMessage Message => field ??= VoiceMessage.FromBytes(Bytes);
    private static Waveform Bars => field ??= Message.GetWaveformAsync(LibOpusCodec.Default, 100).Result;

    [Fact]
    public void Telegram_wants_whole_seconds_and_63_bytes()
    {
        var json = Parse(VoiceProfile.Telegram);
        Assert.True(json.GetProperty("voice").GetBoolean());
        Assert.Equal(5, json.GetProperty("duration").GetInt32());
        Assert.Equal(TelegramWaveform.Encode(Bars), json.GetProperty("waveform").GetBytesFromBase64());
        Assert.Equal(3, json.EnumerateObject().Count());
    }

    [Fact]
    public void WhatsApp_wants_its_type_seconds_ptt_and_64_bytes()
    {
        var json = Parse(VoiceProfile.WhatsApp);
        Assert.Equal("audio/ogg; codecs=opus", json.GetProperty("mimetype").GetString());
        Assert.Equal((5, true), (json.GetProperty("seconds").GetInt32(), json.GetProperty("ptt").GetBoolean()));
        Assert.Equal(WhatsAppWaveform.Encode(Bars), json.GetProperty("waveform").GetBytesFromBase64());
        Assert.Equal(4, json.EnumerateObject().Count());
    }

    [Fact]
    public void Discord_wants_a_flag_and_an_attachment()
    {
        var json = Parse(VoiceProfile.Discord);
        Assert.Equal(8192, json.GetProperty("flags").GetInt32());
        var attachment = Assert.Single(json.GetProperty("attachments").EnumerateArray());
        Assert.Equal(4.625, attachment.GetProperty("duration_secs").GetDouble());
        Assert.Equal(46, attachment.GetProperty("waveform").GetBytesFromBase64().Length);
        Assert.Equal(VoiceProfile.Discord.FileName, attachment.GetProperty("filename").GetString());
        Assert.Throws<ArgumentNullException>(() => Message.ToMetadata(VoiceProfile.Discord));
    }

    [Fact]
    public void Matrix_wants_an_event()
    {
        var json = Parse(VoiceProfile.MatrixV1, "mxc://example.org/a");
        Assert.Equal("m.audio", json.GetProperty("msgtype").GetString());
        Assert.Equal("mxc://example.org/a", json.GetProperty("url").GetString());
        Assert.Equal((4625, "audio/ogg", Message.Size), (
            json.GetProperty("info").GetProperty("duration").GetInt32(),
            json.GetProperty("info").GetProperty("mimetype").GetString(),
            json.GetProperty("info").GetProperty("size").GetInt64()));
        var audio = json.GetProperty("org.matrix.msc1767.audio");
        var waveform = audio.GetProperty("waveform").EnumerateArray().Select(value => value.GetInt32());
        Assert.Equal(MatrixWaveform.Encode(Bars, WaveformEncoding.MatrixV1), waveform);
        Assert.Equal("mxc://example.org/a", json.GetProperty("org.matrix.msc1767.file").GetProperty("url").GetString());
        Assert.Empty(json.GetProperty("org.matrix.msc3245.voice").EnumerateObject());
    }

    [Fact]
    public void Matrix_of_the_draft_has_seconds_and_other_names()
    {
        var json = Parse(VoiceProfile.Matrix);
        Assert.Equal("Voice message", json.GetProperty("org.matrix.msc1767.text")[0].GetProperty("body").GetString());
        var details = json.GetProperty("org.matrix.msc1767.audio_details");
        Assert.Equal(5, details.GetProperty("duration").GetInt32());
        Assert.Equal(256, details.GetProperty("org.matrix.msc3246.waveform").EnumerateArray().Max(value => value.GetInt32()));
        Assert.False(json.GetProperty("org.matrix.msc1767.file").TryGetProperty("url", out _));
        Assert.False(JsonDocument.Parse(Message.ToMetadata(VoiceProfile.Matrix)).RootElement
            .GetProperty("org.matrix.msc1767.audio_details").TryGetProperty("org.matrix.msc3246.waveform", out _));
    }

    [Fact]
    public async Task Uploads_have_the_parts_that_each_platform_names()
    {
        Assert.Equal(["duration=5", "voice"], await PartsOf(VoiceProfile.Telegram, "audio/ogg", "voice.ogg"));
        Assert.Equal(
            ["messaging_product=whatsapp", "type=audio/ogg; codecs=opus", "file"],
            await PartsOf(VoiceProfile.WhatsApp, "audio/ogg; codecs=opus", "voice.ogg"));
        var discord = await PartsOf(VoiceProfile.Discord, "audio/ogg", "voice-message.ogg");
        Assert.Equal("payload_json=" + Message.ToMetadata(VoiceProfile.Discord, Bars), discord[0]);
        Assert.Equal("files[0]", discord[1]);
        Assert.Equal(["file"], await PartsOf(VoiceProfile.Generic, "audio/ogg; codecs=opus", "voice.opus"));
    }

    [Fact]
    public async Task Matrix_uploads_the_bytes_alone()
    {
        using var content = Message.ToHttpContent(VoiceProfile.Matrix);
        Assert.Equal("audio/ogg", content.Headers.ContentType!.ToString());
        Assert.Equal(Message.Size, content.Headers.ContentLength);
        Assert.Equal(Bytes, await content.ReadAsByteArrayAsync());
    }

    [Fact]
    public void A_mail_carries_the_message()
    {
        using var folder = new TemporaryFolder();
        using (var mail = new MailMessage("a@example.org", "b@example.org", "Voice message", "Listen."))
        using (var client = new SmtpClient())
        {
            client.DeliveryMethod = SmtpDeliveryMethod.SpecifiedPickupDirectory;
            client.PickupDirectoryLocation = folder.Path;
            mail.Attachments.Add(Message.ToMailAttachment());
            client.Send(mail);
        }

        var lines = File.ReadAllLines(Assert.Single(folder.Files));
        var headers = string.Join('\n', lines).Replace("\n ", " ", StringComparison.Ordinal).Split('\n');
        var type = headers.Single(line => line.StartsWith("Content-Type: audio/ogg;", StringComparison.Ordinal));
        Assert.Contains("codecs=opus", type);
        Assert.Contains("name=voice.opus", type);
        Assert.Contains(
            "filename=voice.opus",
            headers.Single(line => line.StartsWith("Content-Disposition: attachment", StringComparison.Ordinal)));
        var start = Array.FindIndex(lines, line => line.StartsWith("T2dnUw", StringComparison.Ordinal));
        var body = string.Concat(
            lines.Skip(start).TakeWhile(line => line.Length > 0 && !line.StartsWith("--", StringComparison.Ordinal)));
        Assert.Equal(Bytes, Convert.FromBase64String(body));
    }

    [Fact]
    public void Signal_is_refused()
    {
        Assert.Throws<NotSupportedException>(() => Message.ToMetadata(VoiceProfile.Signal));
        Assert.Throws<NotSupportedException>(() => Message.ToHttpContent(VoiceProfile.Signal));
        Assert.Throws<NotSupportedException>(() => Message.ToMailAttachment(VoiceProfile.Signal));
    }

    private static JsonElement Parse(VoiceProfile profile, string? url = null) =>
        JsonDocument.Parse(Message.ToMetadata(profile, Bars, url)).RootElement;

    // Names and texts of the parts; the file's part has its type, name and bytes checked.
    private static async Task<string[]> PartsOf(VoiceProfile profile, string type, string fileName)
    {
        using var content = Message.ToHttpContent(profile, Bars);
        var body = await content.ReadAsByteArrayAsync();
        Assert.Equal(body.Length, content.Headers.ContentLength);
        var boundary = "--" + content.Headers.ContentType!.ToString().Split("boundary=")[1];
        Assert.DoesNotContain('"', boundary);
        var parts = Encoding.Latin1.GetString(body).Split(boundary)[1..^1];
        return [.. parts.Select(part => Describe(part, type, fileName))];
    }

    private static string Describe(string part, string type, string fileName)
    {
        var end = part.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var (headers, body) = (part[..end], part[(end + 4)..^2]);
        var name = headers.Split("name=\"")[1].Split('"')[0];
        if (!headers.Contains("filename=\""))
            return name + "=" + body;
        Assert.Contains($"filename=\"{fileName}\"", headers);
        Assert.Contains($"Content-Type: {type}\r\n", headers + "\r\n");
        Assert.Equal(Bytes, Encoding.Latin1.GetBytes(body));
        return name;
    }
}
