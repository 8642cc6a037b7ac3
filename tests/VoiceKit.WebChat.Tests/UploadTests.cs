using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using VoiceKit.Containers;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;
using VoiceKit.WebChat.Rooms;
using VoiceKit.WebChat.Tests.Support;

namespace VoiceKit.WebChat.Tests;

/// <summary>What becomes of uploads: recordings whole and in pieces, files, and what is none.</summary>
public class UploadTests
{
    [Theory]
    [InlineData("chromium-mono.webm")]
    [InlineData("chromium-stereo-slices-pause.webm")]
    [InlineData("chromium-mono.mp4")]
    public async Task Opus_is_kept_bit_for_bit(string name)
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        var recording = Fixtures.Recording(name);
        var message = await room.SendAsync(recording);
        var stored = await File.ReadAllBytesAsync(Assert.Single(server.Messages));
        Assert.Equal(PacketsOf(recording), Pcm.PacketsOf(stored));
        Assert.Equal(VoiceMessage.FromBytes(stored).Duration.TotalSeconds, (double)message["seconds"]!, 1e-6);
        Assert.Equal(64, message["bars"]!.AsArray().Count);
        Assert.Contains(message["bars"]!.AsArray(), bar => (int)bar! > 50);
        Assert.Empty(server.Unfinished);
    }

    [Theory]
    [InlineData("nothing", 400)]
    [InlineData("text", 415)]
    [InlineData("picture", 415)]
    [InlineData("cut off", 400)]
    [InlineData("junk in the middle", 400)]
    [InlineData("header only", 400)]
    public async Task What_is_no_recording_is_refused_and_leaves_nothing(string what, int status)
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        var recording = Fixtures.Recording("chromium-mono.webm");
        byte[] body = what switch
        {
            "nothing" => [],
            "text" => "<!doctype html><script>alert(1)</script>"u8.ToArray(),
            "picture" => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, .. new byte[1000]],
            "cut off" => recording[..^100],
            "header only" => recording[..150],
            _ => [.. recording[..3000], .. Enumerable.Repeat((byte)0xA5, 700), .. recording[3700..]],
        };
        using var answer = await room.Http.PostAsync("messages", new ByteArrayContent(body));
        await AssertProblemAsync(status, answer);
        Assert.Empty(server.Messages);
        Assert.Empty(server.Unfinished);
        Assert.Empty(await room.ListAsync());

        // The same in pieces.
        var id = await BeginAsync(room);
        using var piece = await room.Http.PutAsync($"recordings/{id}/pieces/0", new ByteArrayContent(body));
        using var finish = await room.Http.PostAsync($"recordings/{id}/finish", null);
        await AssertProblemAsync(400, finish.StatusCode == HttpStatusCode.BadRequest ? finish : piece, 415);
        Assert.Empty(server.Messages);
        Assert.Empty(server.Unfinished);
    }

    [Fact]
    public async Task Too_large_and_too_long_are_refused()
    {
        await using var server = await ChatServer.StartAsync(options => options with
        {
            MaxRecordingBytes = 7000,
            MaxImportBytes = 100_000,
            MaxDuration = TimeSpan.FromSeconds(2),
        });
        using var room = await server.NewRoomAsync();
        using var large = await RefusedAsync(() => room.Http.PostAsync("messages", new ByteArrayContent(new byte[7001])));
        await AssertProblemAsync(413, large);
        using var endless = await RefusedAsync(() => room.Http.PostAsync("messages",
            new StreamContent(new MemoryStream(new byte[90_000])) { Headers = { ContentLength = null } }));
        await AssertProblemAsync(413, endless);
        using var @long = await RefusedAsync(
            () => room.Http.PostAsync("messages", new ByteArrayContent(Fixtures.Recording("chromium-mono.webm"))));
        await AssertProblemAsync(422, @long);
        using var import = await room.Http.PostAsync("imports", new ByteArrayContent(Fixtures.Recording("chromium-mono.webm")));
        await AssertProblemAsync(422, import);

        var id = await BeginAsync(room);
        var recording = Fixtures.Recording("chromium-stereo-slices-pause.webm");
        using var first = await room.Http.PutAsync($"recordings/{id}/pieces/0", new ByteArrayContent(recording));
        Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
        using var second = await room.Http.PutAsync($"recordings/{id}/pieces/1", new ByteArrayContent(recording));
        await AssertProblemAsync(413, second);
        using var dropped = await room.Http.DeleteAsync($"recordings/{id}");
        Assert.Empty(server.Messages);
        Assert.Empty(server.Unfinished);
    }

    // A server that refuses what is still on its way may close the line before its answer is read (RFC 9112 §9.6): one asks
    // again.
    private static async Task<HttpResponseMessage> RefusedAsync(Func<Task<HttpResponseMessage>> send)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await send();
            }
            catch (HttpRequestException exception) when (exception.InnerException is IOException && attempt < 5)
            {
            }
        }
    }

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_nothing()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        foreach (var path in new[] { "messages", "imports" })
        {
            using (var client = await SendHeadAsync(room, "POST", path, 6705))
            {
                await client.GetStream().WriteAsync(Fixtures.Recording("chromium-mono.webm").AsMemory(0, 4000));
                await Until.TrueAsync(() => server.Unfinished.Length == 1);
            }

            await Until.TrueAsync(() => server.Unfinished.Length == 0);
        }

        Assert.Empty(server.Messages);
    }

    [Fact]
    public async Task Pieces_make_the_recording_that_they_are_of()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        var recording = Fixtures.Recording("chromium-stereo-slices-pause.webm");
        var id = await BeginAsync(room);
        var pieces = recording.Chunk(500).ToArray();
        using var early = await room.Http.PutAsync($"recordings/{id}/pieces/1", new ByteArrayContent(pieces[1]));
        await AssertProblemAsync(409, early);
        for (var i = 0; i < pieces.Length; i++)
        {
            // The second of the same number is one whose answer got lost.
            for (var attempt = 0; attempt < 2; attempt++)
            {
                using var answer = await room.Http.PutAsync($"recordings/{id}/pieces/{i}", new ByteArrayContent(pieces[i]));
                Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
            }
        }

        using var stranger = room.Other();
        using var foreign = await stranger.Http.PostAsync($"recordings/{id}/finish", null);
        await AssertProblemAsync(403, foreign);
        using var finish = await room.Http.PostAsync($"recordings/{id}/finish", null);
        Assert.Equal(HttpStatusCode.Created, finish.StatusCode);
        Assert.Equal(PacketsOf(recording), Pcm.PacketsOf(await File.ReadAllBytesAsync(Assert.Single(server.Messages))));
        Assert.Empty(server.Unfinished);
        using var again = await room.Http.PostAsync($"recordings/{id}/finish", null);
        Assert.Equal(await finish.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Single(server.Messages);
        using var late = await room.Http.PutAsync($"recordings/{id}/pieces/{pieces.Length}", new ByteArrayContent(pieces[0]));
        await AssertProblemAsync(404, late);
    }

    // A browser whose microphone opens late hands out what it has, and that may be a byte.
    [Fact]
    public async Task The_first_pieces_may_be_too_short_to_be_known()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        var recording = Fixtures.Recording("chromium-mono.webm");
        var id = await BeginAsync(room);
        byte[][] pieces = [recording[..1], recording[1..3], recording[3..20], recording[20..]];
        for (var i = 0; i < pieces.Length; i++)
        {
            using var answer = await room.Http.PutAsync($"recordings/{id}/pieces/{i}", new ByteArrayContent(pieces[i]));
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
            var state = (await room.Http.GetFromJsonAsync<JsonObject>("messages"))!;
            Assert.Equal(i < 2 ? null : true, (bool?)Assert.Single(state["recordings"]!.AsArray())!["canBeHeard"]);
        }

        using var finish = await room.Http.PostAsync($"recordings/{id}/finish", null);
        Assert.Equal(HttpStatusCode.Created, finish.StatusCode);
        Assert.Equal(PacketsOf(recording), Pcm.PacketsOf(await File.ReadAllBytesAsync(Assert.Single(server.Messages))));

        // What cannot be a recording is refused as soon as that is sure.
        var text = "This is no recording."u8.ToArray();
        id = await BeginAsync(room);
        using var start = await room.Http.PutAsync($"recordings/{id}/pieces/0", new ByteArrayContent(text[..3]));
        Assert.Equal(HttpStatusCode.NoContent, start.StatusCode);
        using var rest = await room.Http.PutAsync($"recordings/{id}/pieces/1", new ByteArrayContent(text[3..]));
        await AssertProblemAsync(415, rest);
    }

    [Fact]
    public async Task A_recording_is_stored_once_however_often_its_page_asks()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        using var stranger = room.Other();
        var recording = Fixtures.Recording("chromium-mono.webm");
        var id = await BeginAsync(room);
        using var piece = await room.Http.PutAsync($"recordings/{id}/pieces/0", new ByteArrayContent(recording));

        Task<HttpResponseMessage>[] asked;
        await using (await BusyMaker.StartAsync(server.Services.GetRequiredService<Messages.MessageMaker>()))
        {
            var first = room.Http.PostAsync($"recordings/{id}/finish", null);
            var live = server.Services.GetRequiredService<ChatRooms>().Get(room.Room).Recordings[id];
            await Until.TrueAsync(() => live.IsEnded);
            var again = room.Http.PostAsync($"recordings/{id}/finish", null);
            using var dropped = await room.Http.DeleteAsync($"recordings/{id}");
            asked = [first, again, room.Http.PostAsync($"messages?recording={id}", new ByteArrayContent(recording))];
            Assert.Empty(server.Messages);
        }

        var answers = await Task.WhenAll(asked);
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.StatusCode));
        Assert.Single(server.Messages);
        using var later = await room.Http.PostAsync($"messages?recording={id}", new ByteArrayContent(recording));
        Assert.Equal(await answers[0].Content.ReadAsStringAsync(), await later.Content.ReadAsStringAsync());
        Assert.Single(server.Messages);
        Assert.Empty(server.Unfinished);

        // What somebody else says of it does not count.
        using var foreign = await stranger.Http.PostAsync($"messages?recording={id}", new ByteArrayContent(recording));
        Assert.Equal(HttpStatusCode.Created, foreign.StatusCode);
        Assert.Equal(2, server.Messages.Length);
    }

    [Fact]
    public async Task What_a_recording_tells_beside_its_sound_is_left_out()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        var title = new Opus.OpusComment("TITLE", new string('x', 100_000));
        var tags = new Opus.OpusTags("phone", new Opus.OpusComment("LOCATION", "52.5,13.4"), title);
        var bytes = Pcm.Encode(Signals.Voice(48_000), new Audio.AudioFormat(48_000, 1));
        using var tagged = new MemoryStream();
        Ogg.OggOpusTagEditor.Copy(new MemoryStream(bytes), tagged, _ => tags);
        await room.SendAsync(tagged.ToArray());
        var stored = VoiceMessage.Open(Assert.Single(server.Messages));
        Assert.All(stored.Tags.Comments, comment => Assert.StartsWith("VOICEKIT_", comment.Name));
        Assert.Equal(Pcm.PacketsOf(bytes), Pcm.PacketsOf(await File.ReadAllBytesAsync(server.Messages[0])));
        Assert.Empty(server.Unfinished);
    }

    [Fact]
    public async Task A_recording_is_streamed_while_it_grows()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        using var listener = room.Other();
        var recording = Fixtures.Recording("chromium-stereo-slices-pause.webm");
        var id = await BeginAsync(room);
        using var first = await room.Http.PutAsync($"recordings/{id}/pieces/0", new ByteArrayContent(recording[..4000]));

        using var answer = await listener.Http.GetAsync($"recordings/{id}/audio", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("audio/webm", answer.Content.Headers.ContentType!.MediaType);
        await using var stream = await answer.Content.ReadAsStreamAsync();
        var heard = new MemoryStream();
        var buffer = new byte[4096];
        while (heard.Length < 3000)
            heard.Write(buffer, 0, await stream.ReadAsync(buffer));
        Assert.Empty(server.Messages);

        using var second = await room.Http.PutAsync($"recordings/{id}/pieces/1", new ByteArrayContent(recording[4000..]));
        using var finish = await room.Http.PostAsync($"recordings/{id}/finish", null);
        await stream.CopyToAsync(heard);
        Assert.Equal(PacketsOf(recording), PacketsOf(heard.ToArray()));
        using var gone = await listener.Http.GetAsync($"recordings/{id}/audio");
        await AssertProblemAsync(404, gone);
    }

    [Theory]
    [InlineData("chromium-mono.mp4")]
    [InlineData("chromium-mono.webm")]
    public async Task Listeners_of_what_cannot_be_heard_or_is_dropped_are_told(string name)
    {
        await using var server = await ChatServer.StartAsync(options => options with { MaxListeners = 1 });
        using var room = await server.NewRoomAsync();
        using var listener = room.Other();
        var id = await BeginAsync(room);
        var early = listener.Http.GetAsync($"recordings/{id}/audio", HttpCompletionOption.ResponseHeadersRead);
        await Until.TrueAsync(() => Listeners(server, room, id) == 1);
        using var more = await listener.Http.GetAsync($"recordings/{id}/audio");
        await AssertProblemAsync(503, more);
        if (name.EndsWith("mp4", StringComparison.Ordinal))
        {
            using var piece = await room.Http.PutAsync($"recordings/{id}/pieces/0",
                new ByteArrayContent(Fixtures.Recording(name)[..3000]));
            using var answer = await early;
            await AssertProblemAsync(406, answer);
            var state = (await room.Http.GetFromJsonAsync<JsonObject>("messages"))!;
            Assert.False((bool)Assert.Single(state["recordings"]!.AsArray())!["canBeHeard"]!);
        }
        else
        {
            using var dropped = await room.Http.DeleteAsync($"recordings/{id}");
            using var answer = await early;
            await AssertProblemAsync(410, answer);
        }
    }

    private static int Listeners(ChatServer server, ChatClient room, string id) =>
        server.Services.GetRequiredService<ChatRooms>().Get(room.Room).Recordings[id].Listeners;

    [Fact]
    public async Task Large_bodies_are_refused_before_they_are_read()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        var message = await room.SendAsync(Fixtures.Recording("chromium-mono.webm"));
        var id = await BeginAsync(room);
        Assert.Contains(" 413 ", await AnswerToHeadAsync(room, "POST", $"messages/{message["id"]}/forward", 1 << 20));
        Assert.Contains(" 413 ", await AnswerToHeadAsync(room, "PUT", $"recordings/{id}/paused", 1 << 20));
        Assert.Contains(" 413 ", await AnswerToHeadAsync(room, "PUT", $"recordings/{id}/pieces/0", 200 << 10));
        Assert.Contains(" 413 ", await AnswerToHeadAsync(room, "POST", "messages", 17 << 20));
        Assert.Contains(" 409 ", await AnswerToHeadAsync(room, "PUT", $"recordings/{id}/pieces/1", 100 << 10));
    }

    [Fact]
    public async Task A_recording_has_one_piece_on_its_way()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        var id = await BeginAsync(room);
        var recording = Fixtures.Recording("chromium-mono.webm");
        using (var slow = await SendHeadAsync(room, "PUT", $"recordings/{id}/pieces/0", recording.Length))
        {
            var live = server.Services.GetRequiredService<ChatRooms>().Get(room.Room).Recordings[id];
            await Until.TrueAsync(() => live.IsExpecting);
            using var second = await room.Http.PutAsync($"recordings/{id}/pieces/0", new ByteArrayContent(recording));
            await AssertProblemAsync(409, second);
            slow.Close();
            await Until.TrueAsync(() => !live.IsExpecting);
        }

        using var third = await room.Http.PutAsync($"recordings/{id}/pieces/0", new ByteArrayContent(recording));
        Assert.Equal(HttpStatusCode.NoContent, third.StatusCode);
    }

    internal static async Task<string> AnswerToHeadAsync(ChatClient room, string method, string path, int length)
    {
        using var client = await SendHeadAsync(room, method, path, length);
        using var reader = new StreamReader(client.GetStream());
        return (await reader.ReadLineAsync())!;
    }

    internal static async Task<TcpClient> SendHeadAsync(ChatClient room, string method, string path, int length)
    {
        var client = new TcpClient();
        var uri = new Uri(room.Http.BaseAddress!, path);
        await client.ConnectAsync(uri.Host, uri.Port);
        var secret = room.Http.DefaultRequestHeaders.GetValues("X-Person").First();
        var head = $"{method} {uri.AbsolutePath} HTTP/1.1\r\nHost: {uri.Authority}\r\nX-Person: {secret}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
        return client;
    }

    [Fact]
    public async Task Recordings_and_imports_that_nobody_comes_back_for_are_dropped()
    {
        await using var server = await ChatServer.StartAsync(options => options with
        {
            RecordingPatience = TimeSpan.Zero,
            ImportPatience = TimeSpan.Zero,
        });
        using var room = await server.NewRoomAsync();
        await BeginAsync(room);
        using var import = await room.Http.PostAsync("imports", new ByteArrayContent(Fixtures.Recording("chromium-mono.webm")));
        Assert.Equal(HttpStatusCode.OK, import.StatusCode);
        Assert.Equal(2, server.Unfinished.Length);
        await server.Services.GetRequiredService<ChatRooms>().SweepAsync();
        server.Services.GetRequiredService<Messages.ImportDesk>().Sweep();
        Assert.Empty(server.Unfinished);
    }

    [Theory]
    [InlineData("mp3", "encode")]
    [InlineData("m4a", "encode")]
    [InlineData("opus", "take")]
    [InlineData("webm", "copy")]
    public async Task Files_are_looked_at_and_then_sent(string format, string action)
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        using var folder = new TemporaryFolder();
        using (var writer = new Audio.WavWriter(File.Create(folder["voice.wav"]), new Audio.AudioFormat(48_000, 1)))
            writer.Write(Signals.Voice(2 * 48_000));
        var path = folder[$"voice.{format}"];
        string[] codec = format is "opus" or "webm" ? ["-c:a", "libopus"] : [];
        Oracle.Run("ffmpeg", ["-v", "error", "-i", folder["voice.wav"], .. codec, path]);

        using var answer = await room.Http.PostAsync("imports", new ByteArrayContent(await File.ReadAllBytesAsync(path)));
        var found = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.Equal(action, (string)found["action"]!);
        Assert.Equal(2, (double)found["seconds"]!, 0.1);
        Assert.Equal(64, found["bars"]!.AsArray().Count);
        Assert.Empty(server.Messages);
        using var stranger = room.Other();
        using var foreign = await stranger.Http.PostAsync($"imports/{found["id"]}/send", null);
        await AssertProblemAsync(404, foreign);
        using var sent = await room.Http.PostAsync($"imports/{found["id"]}/send", null);
        Assert.Equal(HttpStatusCode.Created, sent.StatusCode);
        Assert.Equal(2, VoiceMessage.Open(Assert.Single(server.Messages)).Duration.TotalSeconds, 0.1);
        Assert.Empty(server.Unfinished);
    }

    internal static async Task<string> BeginAsync(ChatClient room)
    {
        using var answer = await room.Http.PostAsync("recordings", null);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["id"]!;
    }

    private static byte[][] PacketsOf(byte[] file)
    {
        using var reader = OpusContainers.Open(new MemoryStream(file));
        var packets = new List<byte[]>();
        while (reader.Read())
            packets.Add(reader.Packet.ToArray());
        return [.. packets];
    }

    internal static async Task AssertProblemAsync(int status, HttpResponseMessage answer, int orStatus = 0)
    {
        Assert.True((int)answer.StatusCode == status || (int)answer.StatusCode == orStatus,
            $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var problem = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.NotEmpty((string)problem["title"]!);
        Assert.NotEmpty((string)problem["detail"]!);
    }
}
