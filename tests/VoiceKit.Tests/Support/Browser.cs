using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using VoiceKit.Audio;

namespace VoiceKit.Tests.Support;

/// <summary>
/// Headless Chromium with a microphone that hears what it is given. It shows one page, served from here, that takes jobs and
/// posts back what came out. One job at a time.
/// </summary>
internal sealed class Browser : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly TemporaryFolder _folder = new();
    private readonly HttpListener _listener;
    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Channel<byte[]> _jobs = Channel.CreateUnbounded<byte[]>();
    private readonly Channel<(string Path, string Meta, byte[] Body)> _results =
        Channel.CreateUnbounded<(string, string, byte[])>();

    private byte[] _data = [];

    /// <summary>Starts Chromium; a missing one fails the test.</summary>
    /// <param name="microphone">What its microphone hears, from the start whenever it is opened, and again after the end.</param>
    /// <param name="format">The format of that.</param>
    public Browser(float[] microphone, AudioFormat format)
    {
        var wav = _folder["microphone.wav"];
        using (var writer = new WavWriter(File.Create(wav), format))
            writer.Write(microphone);

        _listener = Listen(out var url);
        _ = Task.Run(ServeAsync);
        string[] own = [$"--user-data-dir={_folder["profile"]}", $"--use-file-for-fake-audio-capture={wav}", url];
        var start = new ProcessStartInfo("chromium", [.. Flags, .. own])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, line) => KeepError(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private static string[] Flags =>
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions", "--mute-audio",
        "--autoplay-policy=no-user-gesture-required", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
    ];

    /// <summary>Which types <c>MediaRecorder</c> says it can record.</summary>
    public bool[] Supports(params string[] types) =>
        JsonSerializer.Deserialize<bool[]>(Do("supports", new { types }).Meta, Json)!;

    /// <summary>Records the microphone.</summary>
    /// <param name="mimeType">The container and codec.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="timeslice">After how many milliseconds a piece is handed out; null for one piece in the end.</param>
    /// <param name="bitrate">The bitrate to ask for, in bits per second.</param>
    /// <param name="pause">For how many seconds to pause after half the time; null for not at all.</param>
    /// <param name="channels">How many channels to ask the microphone for.</param>
    public RecordResult Record(
        string mimeType, double seconds, int? timeslice = null, int bitrate = 24_000, double? pause = null, int channels = 1)
    {
        var (meta, body) = Do("record", new { mimeType, seconds, timeslice, bitrate, pause, channels });
        return JsonSerializer.Deserialize<RecordResult>(meta, Json)! with { Data = body };
    }

    /// <summary>Decodes a whole file.</summary>
    public DecodeResult Decode(byte[] file)
    {
        _data = file;
        var (meta, body) = Do("decode", new { });
        return JsonSerializer.Deserialize<DecodeResult>(meta, Json)! with { Samples = Oracle.Floats(body) };
    }

    /// <summary>Plays a file to its end.</summary>
    /// <param name="file">The file.</param>
    /// <param name="contentType">What it is served as.</param>
    /// <param name="rate">How many times as fast.</param>
    public PlayResult Play(byte[] file, string contentType, double rate = 8)
    {
        _data = file;
        return JsonSerializer.Deserialize<PlayResult>(Do("play", new { contentType, rate }).Meta, Json)!;
    }

    public void Dispose()
    {
        _end.Cancel();
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _listener.Close();
        _end.Dispose();
        DeleteFolder();
    }

    private (string Meta, byte[] Body) Do(string name, object options)
    {
        _jobs.Writer.TryWrite(JsonSerializer.SerializeToUtf8Bytes(new { name, options }, Json));
        using var timeout = new CancellationTokenSource(Patience);
        try
        {
            var (path, meta, body) = _results.Reader.ReadAsync(timeout.Token).AsTask().GetAwaiter().GetResult();
            Assert.True(path == "/result", $"The browser's {name} failed: {meta}\n{Errors()}");
            return (meta, body);
        }
        catch (OperationCanceledException)
        {
            var state = _process.HasExited ? $"exited with {_process.ExitCode}" : "is running";
            throw new TimeoutException($"The browser, which {state}, has not answered a {name}:\n{Errors()}");
        }
    }

    private static HttpListener Listen(out string url)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            url = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/";
            probe.Stop();
            var listener = new HttpListener { Prefixes = { url } };
            try
            {
                listener.Start();
                return listener;
            }
            catch (HttpListenerException) when (attempt < 10)
            {
                // Somebody else has taken the port in between.
            }
        }
    }

    private async Task ServeAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                _ = Task.Run(() => AnswerAsync(context));
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            using var response = context.Response;
            var path = context.Request.Url!.AbsolutePath;
            response.Headers["Cache-Control"] = "no-store";
            response.ContentType = path == "/" ? "text/html" : "application/octet-stream";
            var body = path switch
            {
                "/" => Encoding.UTF8.GetBytes(BrowserPage.Html),
                "/job" => await _jobs.Reader.ReadAsync(_end.Token),
                "/data" => _data,
                "/result" or "/failure" => await TakeAsync(context.Request, path),
                _ => [],
            };
            await response.OutputStream.WriteAsync(body);
        }
        catch (Exception exception) when (exception is HttpListenerException or IOException or OperationCanceledException
            or ObjectDisposedException)
        {
            KeepError($"server: {exception.Message}");
        }
    }

    private async Task<byte[]> TakeAsync(HttpListenerRequest request, string path)
    {
        using var body = new MemoryStream();
        await request.InputStream.CopyToAsync(body);
        var meta = Uri.UnescapeDataString(request.Headers["X-Meta"] ?? "");
        _results.Writer.TryWrite((path, meta, body.ToArray()));
        return [];
    }

    private void KeepError(string? line)
    {
        lock (_errors)
            _errors.AppendLine(line);
    }

    private string Errors()
    {
        lock (_errors)
            return _errors.ToString();
    }

    // The last of the killed processes may still be writing to the profile.
    private void DeleteFolder()
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                _folder.Dispose();
                return;
            }
            catch (IOException) when (attempt < 20)
            {
                Thread.Sleep(100);
            }
        }
    }
}
