using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using VoiceKit.Containers;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;
using VoiceKit.WebChat.Tests.Support;

namespace VoiceKit.WebChat.Tests;

/// <summary>What the server answers: audio in ranges, headers, limits, and nothing to strangers.</summary>
public class ServerTests
{
    private const string Safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 "
        + "(KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1";

    private const string Chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 "
        + "Safari/537.36";

    [Fact]
    public async Task Audio_comes_in_ranges_and_lasts_forever_under_its_versions_address()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        var message = await room.SendAsync(Fixtures.Recording("chromium-mono.webm"));
        var stored = await File.ReadAllBytesAsync(Assert.Single(server.Messages));
        var path = $"messages/{message["id"]}/audio";

        using var whole = await room.Http.GetAsync($"{path}?v={message["version"]}");
        var bytes = await whole.Content.ReadAsByteArrayAsync();
        Assert.Equal(stored.Length, bytes.Length);
        Assert.Equal(Pcm.PacketsOf(stored), Pcm.PacketsOf(bytes));
        Assert.Equal("audio/ogg", whole.Content.Headers.ContentType!.MediaType);
        Assert.Contains("immutable", whole.Headers.CacheControl!.ToString());
        Assert.Contains("bytes", whole.Headers.AcceptRanges);
        var tag = whole.Headers.ETag!;
        Assert.False(tag.IsWeak);

        using var part = await SendAsync(room, HttpMethod.Get, path, request =>
            request.Headers.Range = new RangeHeaderValue(100, 299));
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(bytes[100..300], await part.Content.ReadAsByteArrayAsync());
        Assert.Equal(stored.Length, part.Content.Headers.ContentRange!.Length);
        Assert.Contains("no-cache", part.Headers.CacheControl!.ToString());

        using var end = await SendAsync(room, HttpMethod.Get, path, request =>
            request.Headers.Range = new RangeHeaderValue(null, 50));
        Assert.Equal(bytes[^50..], await end.Content.ReadAsByteArrayAsync());
        using var beyond = await SendAsync(room, HttpMethod.Get, path, request =>
            request.Headers.Range = new RangeHeaderValue(stored.Length, null));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, beyond.StatusCode);
        using var same = await SendAsync(room, HttpMethod.Get, path, request => request.Headers.IfNoneMatch.Add(tag));
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        using var head = await SendAsync(room, HttpMethod.Head, path, _ => { });
        Assert.Equal(stored.Length, head.Content.Headers.ContentLength);

        // To be noted as played changes the file: a range of the old one is not taken for one of the new one.
        using var listener = room.Other();
        using var played = await listener.Http.PostAsync($"messages/{message["id"]}/played", null);
        using var changed = await SendAsync(room, HttpMethod.Get, path, request =>
        {
            request.Headers.Range = new RangeHeaderValue(100, 299);
            request.Headers.IfRange = new RangeConditionHeaderValue(tag);
        });
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.NotEqual(tag, changed.Headers.ETag);
    }

    [Theory]
    [InlineData("?as=caf", null, OpusContainer.Caf)]
    [InlineData("?as=webm", null, OpusContainer.WebM)]
    [InlineData("", Safari, OpusContainer.Caf)]
    [InlineData("", Chrome, OpusContainer.Ogg)]
    public async Task Browsers_get_the_container_that_they_play(string query, string? agent, OpusContainer container)
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        var message = await room.SendAsync(Fixtures.Recording("chromium-mono.webm"));
        if (agent is not null)
            room.Http.DefaultRequestHeaders.UserAgent.ParseAdd(agent);
        var file = await room.Http.GetByteArrayAsync($"messages/{message["id"]}/audio{query}");
        using var reader = OpusContainers.Open(new MemoryStream(file));
        Assert.Equal(container, reader.Container);
        var packets = new List<byte[]>();
        while (reader.Read())
            packets.Add(reader.Packet.ToArray());
        Assert.Equal(Pcm.PacketsOf(await File.ReadAllBytesAsync(server.Messages[0])), packets);
        Assert.Empty(server.Unfinished);

        using var part = await SendAsync(room, HttpMethod.Get, $"messages/{message["id"]}/audio{query}", request =>
            request.Headers.Range = new RangeHeaderValue(0, 1));
        Assert.Equal(file[..2], await part.Content.ReadAsByteArrayAsync());
        using var none = await room.Http.GetAsync($"messages/{message["id"]}/audio?as=flac");
        await UploadTests.AssertProblemAsync(406, none);
        Assert.Empty(server.Unfinished);
    }

    [Fact]
    public async Task A_download_has_a_name()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        var message = await room.SendAsync(Fixtures.Recording("chromium-mono.webm"));
        using var answer = await room.Http.GetAsync($"messages/{message["id"]}/download");
        var disposition = answer.Content.Headers.ContentDisposition!;
        Assert.Equal("attachment", disposition.DispositionType);
        Assert.Matches(@"^Voice message \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.opus$", disposition.FileName!.Trim('"'));
        Assert.Equal(disposition.FileName!.Trim('"'), disposition.FileNameStar);
        var bars = (await room.Http.GetFromJsonAsync<JsonObject>($"messages/{message["id"]}/bars?count=20"))!["bars"]!.AsArray();
        Assert.Equal(20, bars.Count);
        Assert.Equal(message["bars"]!.AsArray().Max(bar => (int)bar!), bars.Max(bar => (int)bar!));
    }

    [Fact]
    public async Task Every_answer_has_the_headers_that_keep_a_page_to_its_own()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        string[] paths =
        [
            "/", $"/r/{room.Room}", "/r/nonsense", "/app.css", "/js/app.js", "/api/rooms/nonsense/messages", "/nothing",
            "/../../etc/passwd",
        ];
        foreach (var path in paths)
        {
            using var answer = await http.GetAsync(new Uri(server.Url + path));
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            Assert.Contains("default-src 'none'", policy);
            Assert.DoesNotContain("unsafe", policy);
            Assert.Contains("frame-ancestors 'none'", policy);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
            Assert.Equal("same-origin", answer.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
            Assert.False(answer.Headers.Contains("Server"));
        }

        var page = await http.GetStringAsync(new Uri(room.PageUrl));
        Assert.DoesNotContain("<style", page);
        Assert.DoesNotContain(" style=", page);
        Assert.DoesNotContain(" onclick=", page);
    }

    [Fact]
    public async Task Rooms_and_persons_are_kept_apart()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        using var elsewhere = await server.NewRoomAsync();
        using var stranger = room.Other();
        var message = await room.SendAsync(Fixtures.Recording("chromium-mono.webm"));
        Assert.Empty(await elsewhere.ListAsync());
        foreach (var path in new[] { "audio", "download", "bars" })
        {
            using var answer = await elsewhere.Http.GetAsync($"messages/{message["id"]}/{path}");
            await UploadTests.AssertProblemAsync(404, answer);
        }

        using var foreign = await elsewhere.Http.DeleteAsync($"messages/{message["id"]}");
        await UploadTests.AssertProblemAsync(404, foreign);
        using var notMine = await stranger.Http.DeleteAsync($"messages/{message["id"]}");
        await UploadTests.AssertProblemAsync(403, notMine);
        using var outside = await room.Http.GetAsync("messages/..%2f..%2fkey/audio");
        await UploadTests.AssertProblemAsync(404, outside);

        // A room that nobody was given, however well it is made up, is none.
        var spaces = string.Concat(Enumerable.Repeat("%20", 32));
        string[] madeUp = [new string('A', 32), spaces, room.Room[..^1] + "!", room.Room + "A", "x"];
        foreach (var name in madeUp)
        {
            using var invented = new ChatClient(server.Url, name);
            using var nothing = await invented.Http.GetAsync("messages");
            await UploadTests.AssertProblemAsync(404, nothing);
        }

        using var nobody = new HttpClient { BaseAddress = room.Http.BaseAddress };
        using var unnamed = await nobody.PostAsync("messages", new ByteArrayContent(Fixtures.Recording("chromium-mono.webm")));
        await UploadTests.AssertProblemAsync(400, unnamed);
        Assert.Single(server.Messages);
    }

    [Fact]
    public async Task Forwarding_keeps_the_sound_and_counts()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        using var target = await server.NewRoomAsync();
        var message = await room.SendAsync(Fixtures.Recording("chromium-mono.webm"));
        using var answer = await room.Http.PostAsJsonAsync($"messages/{message["id"]}/forward", new { to = target.Room });
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        var forwarded = Assert.Single(await target.ListAsync())!;
        Assert.Equal(1, (int)forwarded["forwarded"]!);
        Assert.NotEqual((string)message["id"]!, (string)forwarded["id"]!);
        Assert.NotEqual((string)message["person"]!, (string)forwarded["person"]!);
        var original = Assert.Single(await room.ListAsync())!;
        Assert.Equal(original["bars"]!.ToJsonString(), forwarded["bars"]!.ToJsonString());
        Assert.Equal(2, server.Messages.Length);
        Assert.Equal(Pcm.PacketsOf(await File.ReadAllBytesAsync(server.Messages[0])),
            Pcm.PacketsOf(await File.ReadAllBytesAsync(server.Messages[1])));
        using var nowhere = await room.Http.PostAsJsonAsync($"messages/{message["id"]}/forward", new { to = "elsewhere" });
        await UploadTests.AssertProblemAsync(404, nowhere);
    }

    [Fact]
    public async Task Older_messages_come_by_the_page()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        var sent = new List<string>();
        for (var i = 0; i < 53; i++)
            sent.Add((string)(await room.SendAsync(Fixtures.Recording("chromium-mono.webm")))["id"]!);
        var page = (await room.Http.GetFromJsonAsync<JsonObject>("messages"))!;
        var newest = page["messages"]!.AsArray().Select(message => (string)message!["id"]!).ToArray();
        Assert.True((bool)page["more"]!);
        var older = (await room.Http.GetFromJsonAsync<JsonObject>($"messages?before={newest[0]}"))!;
        Assert.False((bool)older["more"]!);
        var first = older["messages"]!.AsArray().Select(message => (string)message!["id"]!);
        Assert.Equal(sent.Order(), first.Concat(newest).Order());
        Assert.Equal(50, newest.Length);
    }

    [Fact]
    public async Task What_happens_is_told_to_those_who_follow()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        using var elsewhere = await server.NewRoomAsync();
        using var listener = room.Other();
        using var reader = new StreamReader(await listener.Http.GetStreamAsync("events"));
        var message = await room.SendAsync(Fixtures.Recording("chromium-mono.webm"));
        await elsewhere.SendAsync(Fixtures.Recording("chromium-mono.webm"));
        using var own = await room.Http.PostAsync($"messages/{message["id"]}/played", null);
        using var played = await listener.Http.PostAsync($"messages/{message["id"]}/played", null);
        using var deleted = await room.Http.DeleteAsync($"messages/{message["id"]}");
        var told = new List<string>();
        while (told.LastOrDefault() != "deleted")
        {
            if (await reader.ReadLineAsync() is { } line && line.StartsWith("event: ", StringComparison.Ordinal))
                told.Add(line["event: ".Length..]);
        }

        Assert.Equal(["hello", "message", "changed", "deleted"], told.Where(name => name != "people"));
        Assert.Single(server.Messages);
    }

    [Fact]
    public async Task Too_many_requests_and_too_many_messages_are_refused()
    {
        await using var server = await ChatServer.StartAsync(options => options with
        {
            RequestsOfAddress = (20, 1),
            MessagesOfRoom = (3, 1),
        });
        using var room = await server.NewRoomAsync();
        for (var i = 0; i < 3; i++)
            await room.SendAsync(Fixtures.Recording("chromium-mono.webm"));
        using var message = await room.Http.PostAsync("messages",
            new ByteArrayContent(Fixtures.Recording("chromium-mono.webm")));
        await UploadTests.AssertProblemAsync(429, message);
        Assert.NotNull(message.Headers.RetryAfter);
        Assert.Equal(3, server.Messages.Length);

        for (var i = 0; ; i++)
        {
            using var answer = await room.Http.GetAsync("messages");
            if (answer.IsSuccessStatusCode)
            {
                Assert.True(i < 30, "There is no limit.");
                continue;
            }

            await UploadTests.AssertProblemAsync(429, answer);
            Assert.NotNull(answer.Headers.RetryAfter);
            break;
        }
    }

    [Fact]
    public async Task A_start_deletes_what_an_end_left_and_a_folder_has_one_server()
    {
        using var folder = new TemporaryFolder();
        var options = new ChatOptions { Folder = folder.Path };
        string token;
        using (var first = new ChatFolder(options))
        {
            token = new Rooms.RoomKey(first).NewToken();
            Directory.CreateDirectory(folder["unfinished"]);
            await File.WriteAllTextAsync(Path.Combine(folder["unfinished"], "half"), "half");
            Assert.Throws<IOException>(() => new ChatFolder(options));
        }

        using var second = new ChatFolder(options);
        Assert.Empty(Directory.GetFileSystemEntries(folder["unfinished"]));
        Assert.True(new Rooms.RoomKey(second).IsToken(token));
        Assert.Equal(24 * 4 / 3, token.Length);
    }

    [Fact]
    public async Task The_program_says_where_it_is_and_stops_when_it_is_interrupted()
    {
        using var folder = new TemporaryFolder();
        var program = Path.Combine(AppContext.BaseDirectory, "VoiceKit.WebChat.dll");
        string[] arguments = [program, "--folder", folder["chat"], "--urls", "http://127.0.0.1:0"];
        using var process = OtherProgram.Start(new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardOutput = true,
            WorkingDirectory = folder.Path,
        });
        var line = (await process.StandardOutput.ReadLineAsync())!;
        Assert.Contains(folder["chat"], line);
        var url = line.Split(' ').First(word => word.StartsWith("http", StringComparison.Ordinal));
        using var http = new HttpClient { Timeout = Until.Patience };
        Assert.Contains("<title>Voice room</title>", await http.GetStringAsync(new Uri(url)));
        using var made = await http.PostAsync(new Uri($"{url}/api/rooms"), null);
        using var room = new ChatClient(url, (string)(await made.Content.ReadFromJsonAsync<JsonObject>())!["room"]!);
        await using var events = await room.Http.GetStreamAsync("events"); // Somebody is there.
        Oracle.Run("kill", "-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await process.WaitForEndAsync();
        Assert.Equal(0, process.ExitCode);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("many")]
    public async Task The_program_refuses_a_wrong_number_of_days(string days)
    {
        using var folder = new TemporaryFolder();
        var program = Path.Combine(AppContext.BaseDirectory, "VoiceKit.WebChat.dll");
        string[] arguments = [program, "--folder", folder["chat"], "--urls", "http://127.0.0.1:0", "--days", days];
        using var process = OtherProgram.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardError = true });
        Assert.Contains($"not {days}", await process.StandardError.ReadToEndAsync());
        await process.WaitForEndAsync();
        Assert.Equal(2, process.ExitCode);
    }

    private static async Task<HttpResponseMessage> SendAsync(
        ChatClient room, HttpMethod method, string path, Action<HttpRequestMessage> change)
    {
        using var request = new HttpRequestMessage(method, path);
        change(request);
        return await room.Http.SendAsync(request);
    }
}
