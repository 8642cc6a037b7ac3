using System.Net;
using System.Text.Json.Nodes;
using VoiceKit.Audio;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;
using VoiceKit.WebChat.Tests.Support;

namespace VoiceKit.WebChat.Tests;

/// <summary>
/// Scripts in names, tags and file names, in a real browser: they are shown as what they are, or not at all, and never run.
/// </summary>
[Collection("chromium")]
public class InjectionTests(Chromium chromium)
{
    private const string Markup =
        "<img src=x onerror=\"window.injected=1\"><script>window.injected=1</script>'\"><svg onload=window.injected=1>";

    // Nothing of it ran, nothing of it became an element, and the policy had nothing to refuse.
    private const string IsClean =
        "window.injected === undefined && !document.querySelector('img[src=x], body script, svg[onload], [onerror]')";

    [Fact]
    public async Task Names_of_files_are_text()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        using var folder = new TemporaryFolder();
        await using var tab = await chromium.OpenAsync(room.PageUrl);
        var name = "<img src=x onerror=window.injected=1>'\"&amp;.opus";
        await File.WriteAllBytesAsync(folder[name], Tagged());
        await tab.ChooseFileAsync("#file", folder[name]);
        await tab.UntilAsync("document.querySelector('#import').dataset.state === 'ready'");
        Assert.Equal(name, await tab.GetAsync<string>("document.querySelector('#import-name').textContent"));
        Assert.True(await tab.GetAsync<bool>(IsClean));
        await tab.ClickAsync("#import-send");
        await tab.UntilAsync("document.querySelector('.row.mine') && !document.querySelector('#import').open");
        Assert.True(await tab.GetAsync<bool>(IsClean));

        // One that is refused: what is wrong with it is text, too.
        var bad = folder["<svg onload=window.injected=1>.mp3"];
        await File.WriteAllTextAsync(bad, Markup);
        await tab.ChooseFileAsync("#file", bad);
        await tab.UntilAsync("document.querySelector('#import').dataset.state === 'refused'");
        Assert.True(await tab.GetAsync<bool>(IsClean));
        Assert.DoesNotContain(tab.Complaints, complaint => complaint.Contains("Policy", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tags_of_messages_are_not_even_shown()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        await room.SendAsync(Tagged());
        await using var tab = await chromium.OpenAsync(room.PageUrl);
        await tab.UntilAsync("document.querySelector('.row')");
        Assert.True(await tab.GetAsync<bool>(IsClean));
        Assert.DoesNotContain("injected", await tab.GetAsync<string>("document.documentElement.outerHTML"));
        Assert.Empty(tab.Complaints);

        // What is served is sound, whatever it holds.
        var message = Assert.Single(await room.ListAsync())!;
        using var answer = await room.Http.GetAsync($"messages/{message["id"]}/audio");
        Assert.Equal("audio/ogg", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Fact]
    public async Task Names_that_a_server_tells_are_text()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        await room.SendAsync(Fixtures.Recording("chromium-mono.webm"));
        await using var tab = await chromium.OpenAsync(room.PageUrl);

        // As a server would tell that is not ours, in every text that it tells.
        var state = (await ReadAsync(room))!;
        var message = state["messages"]![0]!;
        (message["id"], message["person"], message["version"]) = (Markup, Markup, Markup);
        state["you"] = Markup + "you";
        state["recordings"] = new JsonArray(new JsonObject
        {
            ["id"] = Markup,
            ["person"] = Markup + "other",
            ["started"] = "2026-01-01T00:00:00Z",
            ["paused"] = false,
            ["canBeHeard"] = true,
        });
        state["people"] = Markup;
        await tab.AnswerAsync("/messages", state.ToJsonString());
        await tab.GoAsync($"{room.PageUrl}?again");
        await tab.UntilAsync("document.querySelectorAll('.row').length === 2");
        Assert.True(await tab.GetAsync<bool>(IsClean));
        await tab.ClickAsync(".row .more");
        await tab.UntilAsync("document.querySelector('#menu').matches(':popover-open')");
        Assert.True(
            await tab.GetAsync<bool>("document.querySelector('#menu-download').href.startsWith(location.origin + '/api/')"));
        Assert.True(await tab.GetAsync<bool>(IsClean));

        // Errors that it tells.
        await tab.AnswerAsync("/messages", new JsonObject { ["title"] = Markup, ["detail"] = Markup }.ToJsonString(), 400);
        await tab.GoAsync($"{room.PageUrl}?third", isOnline: false);
        await tab.UntilAsync("document.querySelector('#toast').textContent.includes('onerror')");
        Assert.True(await tab.GetAsync<bool>(IsClean));
        Assert.DoesNotContain(tab.Complaints, complaint => complaint.Contains("Policy", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Addresses_with_markup_lead_to_no_room()
    {
        await using var server = await ChatServer.StartAsync();
        using var http = new HttpClient { Timeout = Until.Patience };
        foreach (var path in new[] { "/r/", "/api/rooms/", "/" })
        {
            using var answer = await http.GetAsync(new Uri($"{server.Url}{path}{Uri.EscapeDataString(Markup)}"));
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.DoesNotContain("onerror", await answer.Content.ReadAsStringAsync());
        }
    }

    private static async Task<JsonNode?> ReadAsync(ChatClient room) => JsonNode.Parse(await room.Http.GetStringAsync("messages"));

    private static byte[] Tagged()
    {
        var bytes = Pcm.Encode(Signals.Voice(48_000), new AudioFormat(48_000, 1));
        using var tagged = new MemoryStream();
        OggOpusTagEditor.Copy(
            new MemoryStream(bytes),
            tagged,
            _ => new OpusTags(Markup, new OpusComment("TITLE", Markup), new OpusComment("ARTIST", Markup)));
        return tagged.ToArray();
    }
}
