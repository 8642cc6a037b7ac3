using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using VoiceKit.LibOpus;
using VoiceKit.Profiles;

namespace VoiceKit.Docs.Tests.Pages;

public class BotsPage : DocsPage
{
    [Fact]
    public async Task Examples_work()
    {
        await using var server = new StandInServer();
        HttpClient.StandIn = new Uri(server.Address);
        server.Answers["/media"] = """{"id":"900"}""";
        server.Answers["/upload"] = """{"content_uri":"mxc://example.org/a"}""";

        var codec = LibOpusCodec.Default;
        var message = await VoiceMessage.OpenAsync("message.opus");
        using var http = new HttpClient();
        var token = "123:abc";                                          // the bot's, as the platform gave it

        var chat = "42";
        var note = (await VoiceProfile.Telegram.FitAsync(message, codec)).Message;
        using var form = (MultipartFormDataContent)note.ToHttpContent(VoiceProfile.Telegram);
        form.Add(new StringContent(chat), "chat_id");
        using var sent = await http.PostAsync($"https://api.telegram.org/bot{token}/sendVoice", form);
        sent.EnsureSuccessStatusCode();

        var seconds = Math.Max(1, (long)Math.Round(message.Duration.TotalSeconds));
        AssertPosted(
            server.Requests[0], "POST /bot123:abc/sendVoice", null,
            Part("Content-Disposition: form-data; name=\"duration\"", $"{seconds}"),
            Part(FileHeaders("audio/ogg", note.Size, "voice", "voice.ogg"), note.ToArray()),
            Part("Content-Type: text/plain; charset=utf-8\r\nContent-Disposition: form-data; name=chat_id", "42"));

        var phone = "https://graph.facebook.com/v23.0/1001";            // with the id of the number that sends
        var ptt = (await VoiceProfile.WhatsApp.FitAsync(message, codec)).Message;
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var upload = await http.PostAsync($"{phone}/media", ptt.ToHttpContent(VoiceProfile.WhatsApp));
        var media = (string)JsonNode.Parse(await upload.Content.ReadAsStringAsync())!["id"]!;
        using var told = await http.PostAsJsonAsync($"{phone}/messages", new
        {
            messaging_product = "whatsapp",
            to = "4915112345678",
            type = "audio",
            audio = new { id = media, voice = true },
        });
        told.EnsureSuccessStatusCode();

        AssertPosted(
            server.Requests[1], "POST /v23.0/1001/media", "Bearer 123:abc",
            Part("Content-Disposition: form-data; name=\"messaging_product\"", "whatsapp"),
            Part("Content-Disposition: form-data; name=\"type\"", "audio/ogg; codecs=opus"),
            Part(FileHeaders("audio/ogg; codecs=opus", ptt.Size, "file", "voice.ogg"), ptt.ToArray()));
        AssertPosted(
            server.Requests[2], "POST /v23.0/1001/messages", "Bearer 123:abc", "application/json; charset=utf-8",
            """{"messaging_product":"whatsapp","to":"4915112345678","type":"audio","audio":{"id":"900","voice":true}}""");

        var channel = "https://discord.com/api/v10/channels/77";
        var voice = (await VoiceProfile.Discord.FitAsync(message, codec)).Message;
        var bars = await voice.GetWaveformAsync(codec, VoiceProfile.Discord.WaveformCountFor(voice.Duration));
        http.DefaultRequestHeaders.Authorization = new("Bot", token);
        using var posted = await http.PostAsync($"{channel}/messages", voice.ToHttpContent(VoiceProfile.Discord, bars));
        posted.EnsureSuccessStatusCode();

        var waveform = Convert.ToBase64String(bars.ToBytes(Waveforms.WaveformEncoding.Discord));
        var payload = new JsonObject
        {
            ["flags"] = 8192,
            ["attachments"] = new JsonArray(new JsonObject
            {
                ["id"] = "0",
                ["filename"] = "voice-message.ogg",
                ["duration_secs"] = Math.Round(voice.Duration.TotalSeconds, 3),
                ["waveform"] = waveform,
            }),
        };
        AssertPosted(
            server.Requests[3], "POST /api/v10/channels/77/messages", "Bot 123:abc",
            Part(
                "Content-Type: application/json; charset=utf-8\r\nContent-Disposition: form-data; name=\"payload_json\"",
                payload.ToJsonString()),
            Part(FileHeaders("audio/ogg", voice.Size, "files[0]", "voice-message.ogg"), voice.ToArray()));

        var (homeserver, room) = ("https://matrix.example.org", "!r:example.org");
        var spoken = (await VoiceProfile.MatrixV1.FitAsync(message, codec)).Message;
        var levels = await spoken.GetWaveformAsync(codec, VoiceProfile.MatrixV1.WaveformCountFor(spoken.Duration));
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var stored = await http.PostAsync($"{homeserver}/_matrix/media/v3/upload", spoken.ToHttpContent(VoiceProfile.MatrixV1));
        var uri = (string)JsonNode.Parse(await stored.Content.ReadAsStringAsync())!["content_uri"]!;
        var content = new StringContent(spoken.ToMetadata(VoiceProfile.MatrixV1, levels, uri), Encoding.UTF8, "application/json");
        using var shown = await http.PutAsync($"{homeserver}/_matrix/client/v3/rooms/{room}/send/m.room.message/1", content);
        shown.EnsureSuccessStatusCode();

        Assert.Equal(("POST /_matrix/media/v3/upload", "audio/ogg"), (server.Requests[4].Line, server.Requests[4].ContentType));
        Assert.Equal(spoken.ToArray(), server.Requests[4].Body);
        var milliseconds = (long)Math.Round(spoken.Duration.TotalMilliseconds);
        var values = string.Join(',', levels.ToValues(Waveforms.WaveformEncoding.MatrixV1));
        var file = $$"""{"url":"mxc://example.org/a","name":"Voice message.ogg","mimetype":"audio/ogg","size":{{spoken.Size}}}""";
        AssertPosted(
            server.Requests[5], "PUT /_matrix/client/v3/rooms/!r:example.org/send/m.room.message/1", "Bearer 123:abc",
            "application/json; charset=utf-8",
            $$$"""{"msgtype":"m.audio","body":"Voice message","url":"mxc://example.org/a","info":{"duration":{{{milliseconds}}},"mimetype":"audio/ogg","size":{{{spoken.Size}}}},"org.matrix.msc1767.text":"Voice message","org.matrix.msc1767.file":{{{file}}},"org.matrix.msc1767.audio":{"duration":{{{milliseconds}}},"waveform":[{{{values}}}]},"org.matrix.msc3245.voice":{}}""");
        Assert.Equal(6, server.Requests.Count);
        Assert.Equal(
            [
                "https://api.telegram.org", "https://graph.facebook.com", "https://graph.facebook.com", "https://discord.com",
                "https://matrix.example.org", "https://matrix.example.org",
            ],
            http.Servers);
    }

    private static string FileHeaders(string type, long size, string name, string fileName) =>
        $"Content-Type: {type}\r\nContent-Length: {size}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{fileName}\"";

    private static byte[] Part(string headers, string text) => Part(headers, Encoding.UTF8.GetBytes(text));

    private static byte[] Part(string headers, byte[] body) => [.. Encoding.ASCII.GetBytes(headers), .. "\r\n\r\n"u8, .. body];

    private static void AssertPosted(PostedRequest request, string line, string? authorization, params byte[][] parts)
    {
        Assert.Equal((line, authorization), (request.Line, request.Authorization));
        Assert.StartsWith("multipart/form-data; boundary=", request.ContentType);
        var boundary = Encoding.ASCII.GetBytes("--" + request.ContentType!.Split("boundary=")[1]);
        var body = new List<byte>();
        foreach (var part in parts)
            body.AddRange([.. boundary, .. "\r\n"u8, .. part, .. "\r\n"u8]);
        body.AddRange([.. boundary, .. "--\r\n"u8]);
        Assert.Equal(Encoding.Latin1.GetString([.. body]), Encoding.Latin1.GetString(request.Body));
    }

    private static void AssertPosted(PostedRequest request, string line, string authorization, string type, string body)
    {
        Assert.Equal((line, authorization, type), (request.Line, request.Authorization!, request.ContentType!));
        Assert.Equal(body, Encoding.UTF8.GetString(request.Body));
    }

    /// <summary>Sends to the stand-in what is meant for the platforms, and keeps whom it was meant for.</summary>
    private sealed class HttpClient() : System.Net.Http.HttpClient(new SocketsHttpHandler())
    {
        public static Uri? StandIn { get; set; }

        public List<string> Servers { get; } = [];

        public override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var meant = request.RequestUri!;
            Servers.Add(meant.GetLeftPart(UriPartial.Authority));
            request.RequestUri = new Uri(StandIn!, meant.PathAndQuery);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
