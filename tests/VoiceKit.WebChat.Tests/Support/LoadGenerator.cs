using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace VoiceKit.WebChat.Tests.Support;

/// <summary>Many clients that send messages at once, ten to a room.</summary>
internal static class LoadGenerator
{
    private const int ClientsOfRoom = 10;

    /// <summary>How it went.</summary>
    /// <param name="Errors">What was answered other than that a message is stored.</param>
    /// <param name="Messages">How many messages were stored.</param>
    /// <param name="Seconds">How long all of it took.</param>
    /// <param name="Median">How long half of the messages took at most from the last byte to the answer, in milliseconds.</param>
    /// <param name="P99">How long 99 of 100 took at most.</param>
    public sealed record Result(string[] Errors, int Messages, double Seconds, double Median, double P99);

    /// <summary>Has every client send a message some times.</summary>
    /// <param name="url">The server.</param>
    /// <param name="clients">How many clients there are.</param>
    /// <param name="rounds">How many messages each sends, one after the other.</param>
    /// <param name="recording">The message.</param>
    /// <param name="pieces">In how many pieces it is sent; 1 for as a whole.</param>
    /// <param name="pace">How long each waits from piece to piece, as who talks does.</param>
    public static async Task<Result> RunAsync(string url, int clients, int rounds, byte[] recording, int pieces, TimeSpan pace)
    {
        using var http =
            new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = int.MaxValue }) { Timeout = Until.Patience };
        var rooms = new List<string>();
        for (var i = 0; i < clients; i += ClientsOfRoom)
        {
            using var answer = await http.PostAsync(new Uri($"{url}/api/rooms"), null);
            rooms.Add((string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["room"]!);
        }

        var errors = new ConcurrentQueue<string>();
        var times = new ConcurrentQueue<double>();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(async i =>
        {
            using var client = new ChatClient(url, rooms[i / ClientsOfRoom]);
            for (var round = 0; round < rounds; round++)
            {
                try
                {
                    times.Enqueue(await SendAsync(client, recording, pieces, pace));
                }
                catch (Exception exception) when (exception is HttpRequestException or IOException or TaskCanceledException)
                {
                    errors.Enqueue(exception.Message);
                }
            }
        }));
        var sorted = times.Order().ToArray();
        double At(double share) => sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
        return new Result([.. errors], sorted.Length, watch.Elapsed.TotalSeconds, At(0.5), At(0.99));
    }

    private static async Task<double> SendAsync(ChatClient client, byte[] recording, int pieces, TimeSpan pace)
    {
        if (pieces == 1)
        {
            var whole = Stopwatch.StartNew();
            using var sent = await client.Http.PostAsync("messages", new ByteArrayContent(recording));
            sent.EnsureSuccessStatusCode();
            return whole.Elapsed.TotalMilliseconds;
        }

        using var begun = await client.Http.PostAsync("recordings", null);
        begun.EnsureSuccessStatusCode();
        var id = (string)(await begun.Content.ReadFromJsonAsync<JsonObject>())!["id"]!;
        var number = 0;
        foreach (var piece in recording.Chunk((recording.Length + pieces - 1) / pieces))
        {
            await Task.Delay(pace);
            using var put = await client.Http.PutAsync($"recordings/{id}/pieces/{number++}", new ByteArrayContent(piece));
            put.EnsureSuccessStatusCode();
        }

        var watch = Stopwatch.StartNew();
        using var finished = await client.Http.PostAsync($"recordings/{id}/finish", null);
        finished.EnsureSuccessStatusCode();
        return watch.Elapsed.TotalMilliseconds;
    }
}
