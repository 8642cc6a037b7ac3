using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VoiceKit.WebChat.Tests.Support;

/// <summary>Speaks the Chrome DevTools Protocol with a browser: one connection, a session for each tab.</summary>
internal sealed class Devtools : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonObject>> _calls = new();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _end = new();
    private Task _reading = Task.CompletedTask;
    private int _last;

    /// <summary>What the browser tells: the session, the method and its parameters.</summary>
    public event Action<string?, string, JsonObject>? Told;

    public async Task ConnectAsync(Uri address)
    {
        await _socket.ConnectAsync(address, CancellationToken.None);
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>Calls a method of the browser, or of a tab.</summary>
    public async Task<JsonObject> CallAsync(string method, object? parameters = null, string? session = null)
    {
        var id = Interlocked.Increment(ref _last);
        var call = new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously);
        _calls[id] = call;
        var message = new JsonObject { ["id"] = id, ["method"] = method };
        if (parameters is not null)
            message["params"] = JsonSerializer.SerializeToNode(parameters, JsonSerializerOptions.Web);
        if (session is not null)
            message["sessionId"] = session;
        await _turn.WaitAsync();
        try
        {
            var bytes = JsonSerializer.SerializeToUtf8Bytes(message);
            await _socket.SendAsync(bytes, WebSocketMessageType.Text, endOfMessage: true, _end.Token);
        }
        finally
        {
            _turn.Release();
        }

        return await call.Task.WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _reading;
        _socket.Dispose();
        _end.Dispose();
    }

    private async Task ReadAsync()
    {
        using var message = new MemoryStream();
        var buffer = new byte[64 * 1024];
        try
        {
            while (_socket.State == WebSocketState.Open)
            {
                var part = await _socket.ReceiveAsync(buffer.AsMemory(), _end.Token);
                message.Write(buffer, 0, part.Count);
                if (!part.EndOfMessage)
                    continue;
                Take(message.ToArray());
                message.SetLength(0);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException)
        {
            // The browser is gone, or we are.
        }

        foreach (var call in _calls.Values)
            call.TrySetException(new IOException("The browser is gone."));
    }

    private void Take(byte[] bytes)
    {
        var message = JsonNode.Parse(bytes)!.AsObject();
        if (message["id"] is not { } id)
        {
            Told?.Invoke((string?)message["sessionId"], (string)message["method"]!, message["params"]?.AsObject() ?? []);
            return;
        }

        if (!_calls.TryRemove((int)id, out var call))
            return;
        if (message["error"] is { } error)
            call.TrySetException(new InvalidOperationException(error.ToJsonString()));
        else
            call.TrySetResult(message["result"]!.AsObject());
    }
}
