using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
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
        // Nothing is dropped because the machine is busy: a test that wants that says so.
        var hour = TimeSpan.FromHours(1);
        var options =
            new ChatOptions { Folder = _folder["chat"], RecordingPatience = hour, ImportPatience = hour, ImportTime = hour };
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

    /// <summary>The folder of all of it.</summary>
    public string Folder => _folder["chat"];

    /// <summary>A new room as a new person.</summary>
    /// <param name="address">Where the person's requests come from, of 127.0.0.0/8; null for anywhere.</param>
    public async Task<ChatClient> NewRoomAsync(string? address = null)
    {
        using var http = new HttpClient { Timeout = Until.Patience };
        using var answer = await http.PostAsync(new Uri($"{Url}/api/rooms"), null);
        var room = (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["room"]!;
        return new ChatClient(Url, room, address);
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
    /// <summary>Makes a person.</summary>
    /// <param name="url">The server.</param>
    /// <param name="room">The room's token.</param>
    /// <param name="address">Where the person's requests come from, of 127.0.0.0/8; null for anywhere.</param>
    public ChatClient(string url, string room, string? address = null)
    {
        Room = room;
        PageUrl = $"{url}/r/{room}";
        Http = new HttpClient(HandlerOf(address)) { BaseAddress = new Uri($"{url}/api/rooms/{room}/"), Timeout = Until.Patience };
        Http.DefaultRequestHeaders.Add("X-Person", Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)));
        Url = url;
    }

    public HttpClient Http { get; }

    public string Room { get; }

    public string Url { get; }

    /// <summary>The page of the room.</summary>
    public string PageUrl { get; }

    /// <summary>Somebody else in the same room.</summary>
    /// <param name="address">Where that one's requests come from, of 127.0.0.0/8; null for anywhere.</param>
    public ChatClient Other(string? address = null) => new(Url, Room, address);

    /// <summary>The id that an answer tells of a message.</summary>
    public static async Task<string> IdOfAsync(HttpResponseMessage answer) =>
        (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["id"]!;

    public async Task<JsonArray> ListAsync() =>
        (await Http.GetFromJsonAsync<JsonObject>("messages"))!["messages"]!.AsArray();

    public async Task<JsonObject> SendAsync(byte[] recording)
    {
        using var answer = await Http.PostAsync("messages", new ByteArrayContent(recording));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    public void Dispose() => Http.Dispose();

    // What is not read by who asked for it stays with the server: the system holds little of it.
    private static SocketsHttpHandler HandlerOf(string? address) => new()
    {
        MaxConnectionsPerServer = int.MaxValue,
        ConnectCallback = address is null ? null : async (context, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            {
                ReceiveBufferSize = 8192,
                NoDelay = true,
            };
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };
}
