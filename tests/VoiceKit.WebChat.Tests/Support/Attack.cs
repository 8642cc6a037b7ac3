using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace VoiceKit.WebChat.Tests.Support;

/// <summary>
/// One who takes all that there is, from one address: copies that are not read, event streams, connections, uploads that do not
/// end, long messages at once, files that are much work. It goes on until it is disposed.
/// </summary>
internal sealed class Attack : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly List<ChatClient> _people = [];
    private readonly List<Task> _works = [];
    private readonly string _address;
    private int _answers;

    private Attack(string address) => _address = address;

    /// <summary>How many of its requests had an answer, whatever it was.</summary>
    public int Answers => Volatile.Read(ref _answers);

    /// <summary>Begins it.</summary>
    /// <param name="room">A room, with a large message in it.</param>
    /// <param name="address">Where the requests come from, of 127.0.0.0/8.</param>
    /// <param name="message">The id of the large message.</param>
    /// <param name="large">A long recording.</param>
    /// <param name="each">How many of each kind go on at a time.</param>
    public static Attack Begin(ChatClient room, string address, string message, byte[] large, int each)
    {
        var attack = new Attack(address);
        for (var i = 0; i < each; i++)
        {
            attack.Repeat(room, person => attack.HoldAsync(person, $"messages/{message}/audio?as=caf"));
            attack.Repeat(room, person => attack.HoldAsync(person, "events"));
            attack.Repeat(room, person => attack.SendAsync(person, "imports", new Endless()));
            attack.Repeat(room, person => attack.SendAsync(person, "messages", new ByteArrayContent(large)));
            attack.Repeat(room, person => attack.SendAsync(person, "imports", new ByteArrayContent(large)));
            attack.Repeat(room, attack.RecordAsync);
        }

        return attack;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_works);
        foreach (var person in _people)
            person.Dispose();
        _end.Dispose();
    }

    private void Repeat(ChatClient room, Func<ChatClient, Task> act)
    {
        var person = room.Other(_address);
        _people.Add(person);
        _works.Add(Task.Run(async () =>
        {
            while (!_end.IsCancellationRequested)
            {
                try
                {
                    await act(person);
                    await Task.Delay(20, _end.Token);
                }
                catch (Exception exception)
                    when (exception is OperationCanceledException or HttpRequestException or IOException or SocketException)
                {
                    await Task.Delay(20, CancellationToken.None);
                }
            }
        }));
    }

    // The answer is taken and not read: nothing but its first bytes.
    private async Task HoldAsync(ChatClient person, string path)
    {
        using var answer = await person.Http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, _end.Token);
        Interlocked.Increment(ref _answers);
        if (!answer.IsSuccessStatusCode)
            return;
        await using var stream = await answer.Content.ReadAsStreamAsync(_end.Token);
        for (var one = new byte[1]; await stream.ReadAsync(one, _end.Token) > 0;)
            await Task.Delay(1000, _end.Token);
    }

    private async Task SendAsync(ChatClient person, string path, HttpContent content)
    {
        using var answer = await person.Http.PostAsync(path, content, _end.Token);
        Interlocked.Increment(ref _answers);
    }

    private async Task RecordAsync(ChatClient person)
    {
        using var begun = await person.Http.PostAsync("recordings", null, _end.Token);
        Interlocked.Increment(ref _answers);
        if (!begun.IsSuccessStatusCode)
            return;
        var id = (string)(await begun.Content.ReadFromJsonAsync<JsonObject>(_end.Token))!["id"]!;
        var piece = Fixtures.Recording("chromium-mono.webm")[..2000];
        for (var number = 0; ; number++)
        {
            using var put = await person.Http.PutAsync(
                $"recordings/{id}/pieces/{number}", new ByteArrayContent(piece), _end.Token);
            if (!put.IsSuccessStatusCode)
                return;
            await Task.Delay(200, _end.Token);
        }
    }

    /// <summary>A body that comes slowly, and has no end.</summary>
    private sealed class Endless : HttpContent
    {
        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(
            Stream stream, System.Net.TransportContext? context, CancellationToken cancellationToken)
        {
            for (var bytes = new byte[4096]; ; await Task.Delay(50, cancellationToken))
                await stream.WriteAsync(bytes, cancellationToken);
        }
    }
}
