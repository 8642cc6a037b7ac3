using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace VoiceKit.WebChat.Tests.Support;

/// <summary>Somebody who uses the chat as people do: looks, talks, listens. All of it has to be answered well.</summary>
internal sealed class Visitor(ChatClient client) : IDisposable
{
    private readonly List<(string What, double Milliseconds)> _times = [];

    /// <summary>How long each request took.</summary>
    public IReadOnlyList<(string What, double Milliseconds)> Times => _times;

    /// <summary>Does all there is, once.</summary>
    /// <param name="recording">What is sent.</param>
    public async Task VisitAsync(byte[] recording)
    {
        await TellAsync("list", () => client.Http.GetAsync("messages"));
        var sent = await TellAsync("send", () => client.Http.PostAsync("messages", new ByteArrayContent(recording)));
        await TellAsync("play", () => client.Http.GetAsync($"messages/{sent["id"]}/audio?as=ogg"));
        await TellAsync("play as CAF", () => client.Http.GetAsync($"messages/{sent["id"]}/audio?as=caf"));
        await TellAsync("download", () => client.Http.GetAsync($"messages/{sent["id"]}/download"));
        await TellAsync("follow", () => client.Http.GetAsync("events", HttpCompletionOption.ResponseHeadersRead));
        var begun = await TellAsync("record", () => client.Http.PostAsync("recordings", null));
        var number = 0;
        foreach (var piece in recording.Chunk(2000))
        {
            await TellAsync(
                "piece", () => client.Http.PutAsync($"recordings/{begun["id"]}/pieces/{number++}", new ByteArrayContent(piece)));
        }

        await TellAsync("finish", () => client.Http.PostAsync($"recordings/{begun["id"]}/finish", null));
        await TellAsync("delete", () => client.Http.DeleteAsync($"messages/{sent["id"]}"));
    }

    /// <summary>Has a file looked at and sends it.</summary>
    /// <param name="file">The file.</param>
    public async Task ImportAsync(byte[] file)
    {
        var found = await TellAsync("import", () => client.Http.PostAsync("imports", new ByteArrayContent(file)));
        await TellAsync("send import", () => client.Http.PostAsync($"imports/{found["id"]}/send", null));
    }

    public void Dispose() => client.Dispose();

    private async Task<JsonObject> TellAsync(string what, Func<Task<HttpResponseMessage>> ask)
    {
        var watch = Stopwatch.StartNew();
        using var answer = await ask();
        _times.Add((what, watch.Elapsed.TotalMilliseconds));
        Assert.True(answer.IsSuccessStatusCode, $"{what}: {answer.StatusCode} {await ReadAsync(answer)}");
        return answer.Content.Headers.ContentType?.MediaType == "application/json"
            ? (await answer.Content.ReadFromJsonAsync<JsonObject>())!
            : [];
    }

    private static async Task<string> ReadAsync(HttpResponseMessage answer) =>
        answer.IsSuccessStatusCode ? "" : await answer.Content.ReadAsStringAsync();
}
