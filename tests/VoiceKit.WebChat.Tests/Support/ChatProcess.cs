using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using VoiceKit.Tests.Support;

namespace VoiceKit.WebChat.Tests.Support;

/// <summary>The chat as a program of its own, which can be killed and started again at the same place.</summary>
internal sealed class ChatProcess : IAsyncDisposable
{
    private readonly string[] _arguments;
    private Process _process;

    private ChatProcess(string url, string[] arguments)
    {
        Url = url;
        _arguments = arguments;
        _process = Begin();
    }

    public string Url { get; }

    /// <summary>Starts it at a free port.</summary>
    /// <param name="folder">Where its messages are.</param>
    /// <param name="more">More arguments.</param>
    public static ChatProcess Start(string folder, params string[] more)
    {
        // A port of the system's choice, which nothing has had just before.
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        listener.Stop();
        var program = Path.Combine(AppContext.BaseDirectory, "VoiceKit.WebChat.dll");
        return new ChatProcess(url, [program, "--folder", folder, "--urls", url, .. more]);
    }

    /// <summary>Kills it, as a machine does that runs out of memory.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForEndAsync();
        _process.Dispose();
    }

    /// <summary>Starts it again, and waits until it listens.</summary>
    /// <param name="environment">Variables of its own in its environment.</param>
    public async Task StartAgainAsync(params (string Name, string Value)[] environment)
    {
        _process = Begin(environment);
        await ListenAsync();
    }

    /// <summary>A new room as a new person.</summary>
    /// <param name="address">Where the person's requests come from, of 127.0.0.0/8; null for anywhere.</param>
    public async Task<ChatClient> NewRoomAsync(string? address = null)
    {
        await ListenAsync();
        using var http = new HttpClient { Timeout = Until.Patience };
        using var answer = await http.PostAsync(new Uri($"{Url}/api/rooms"), null);
        return new ChatClient(Url, (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["room"]!, address);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
    }

    private Process Begin(params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", _arguments) { RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        // A test may take long: it lives until it is killed, and what it says does not fill a pipe that nobody reads.
        var process = OtherProgram.StartUnbounded(start);
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        return process;
    }

    private async Task ListenAsync()
    {
        using var http = new HttpClient { Timeout = Until.Patience };
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            try
            {
                using var answer = await http.GetAsync(new Uri($"{Url}/app.css"));
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException) when (watch.Elapsed < Until.Patience && !_process.HasExited)
            {
            }
        }
    }
}
