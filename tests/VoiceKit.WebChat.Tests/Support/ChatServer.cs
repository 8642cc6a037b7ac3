using System.Buffers.Text;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using VoiceKit.Tests.Support;

namespace VoiceKit.WebChat.Tests.Support;

/// <summary>The chat in this process, on a port of its own, with a folder of its own.</summary>
internal sealed class ChatServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly WebApplication _app;

    private ChatServer(Func<ChatOptions, ChatOptions>? change)
    {
        var builder = ChatApp.CreateBuilder([]);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var options = new ChatOptions { Folder = _folder["chat"] };
        _app = ChatApp.Build(builder, change is null ? options : change(options));
    }

    /// <summary>Where it is, without a slash at the end.</summary>
    public string Url => _app.Urls.First();

    /// <summary>The parts of the server.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>The files of the messages.</summary>
    public string[] Messages =>
        [.. Directory.GetFiles(Path.Combine(_folder["chat"], "rooms"), "*", SearchOption.AllDirectories).Where(path =>
            !path.Contains("/.voicekit/"))];

    /// <summary>The files that are there but are to be gone in the end.</summary>
    public string[] Unfinished => Directory.GetFiles(Path.Combine(_folder["chat"], "unfinished"));

    public static async Task<ChatServer> StartAsync(Func<ChatOptions, ChatOptions>? change = null)
    {
        var server = new ChatServer(change);
        await server._app.StartAsync();
        return server;
    }

    /// <summary>A new room as a new person.</summary>
    public async Task<ChatClient> NewRoomAsync()
    {
        using var http = new HttpClient();
        using var answer = await http.PostAsync(new Uri($"{Url}/api/rooms"), null);
        var room = (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["room"]!;
        return new ChatClient(Url, room);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>A person in a room, without a browser.</summary>
internal sealed class ChatClient : IDisposable
{
    public ChatClient(string url, string room)
    {
        Room = room;
        PageUrl = $"{url}/r/{room}";
        Http = new HttpClient { BaseAddress = new Uri($"{url}/api/rooms/{room}/") };
        Http.DefaultRequestHeaders.Add("X-Person", Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)));
        Url = url;
    }

    public HttpClient Http { get; }

    public string Room { get; }

    public string Url { get; }

    /// <summary>The page of the room.</summary>
    public string PageUrl { get; }

    /// <summary>Somebody else in the same room.</summary>
    public ChatClient Other() => new(Url, Room);

    public async Task<JsonArray> ListAsync() =>
        (await Http.GetFromJsonAsync<JsonObject>("messages"))!["messages"]!.AsArray();

    public async Task<JsonObject> SendAsync(byte[] recording)
    {
        using var answer = await Http.PostAsync("messages", new ByteArrayContent(recording));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    public void Dispose() => Http.Dispose();
}
