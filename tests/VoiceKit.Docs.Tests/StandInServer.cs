using System.Net;
using System.Net.Sockets;
using System.Text;

namespace VoiceKit.Docs.Tests;

/// <summary>
/// Stands in for the servers of chat platforms: keeps what is posted, byte for byte, and answers what they would.
/// </summary>
internal sealed class StandInServer : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;

    public StandInServer()
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
        }

        _listener.Prefixes.Add(Address + "/");
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Where it listens, without a slash at the end.</summary>
    public string Address { get; }

    /// <summary>What was posted so far.</summary>
    public List<PostedRequest> Requests { get; } = [];

    /// <summary>What is answered, by the end of the path; <c>{}</c> otherwise.</summary>
    public Dictionary<string, string> Answers { get; } = [];

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            var request = context.Request;
            using var body = new MemoryStream();
            await request.InputStream.CopyToAsync(body);
            Requests.Add(new PostedRequest(
                $"{request.HttpMethod} {request.RawUrl}", request.Headers["Authorization"], request.ContentType, body.ToArray()));
            var answer = Answers.FirstOrDefault(
                pair => request.RawUrl!.EndsWith(pair.Key, StringComparison.Ordinal)).Value ?? "{}";
            context.Response.ContentType = "application/json";
            context.Response.Close(Encoding.UTF8.GetBytes(answer), willBlock: false);
        }
    }
}
