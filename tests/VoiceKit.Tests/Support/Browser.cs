using System.Text.Json;
using Microsoft.Playwright;
using VoiceKit.Audio;

namespace VoiceKit.Tests.Support;

/// <summary>A page in headless Chromium that records its microphone, decodes and plays. One thing at a time.</summary>
internal sealed class Browser : IAsyncDisposable
{
    // An origin that the browser trusts with the microphone; nobody listens there.
    private const string Url = "http://localhost/";

    private readonly HeadlessChromium _chromium;
    private readonly IPage _page;

    private Browser(HeadlessChromium chromium, IPage page)
    {
        _chromium = chromium;
        _page = page;
    }

    /// <summary>Starts Chromium; where it is not installed, the test is skipped.</summary>
    /// <param name="microphone">What its microphone hears, from the start whenever it is opened, and again after the end.</param>
    /// <param name="format">The format of that.</param>
    public static async Task<Browser> StartAsync(float[] microphone, AudioFormat format)
    {
        var chromium = await HeadlessChromium.StartAsync(
            microphone, format, isLooped: true, "--autoplay-policy=no-user-gesture-required", "--use-fake-ui-for-media-stream");
        var page = await chromium.Browser.NewPageAsync();
        page.SetDefaultTimeout((float)HeadlessChromium.Patience.TotalMilliseconds);
        await page.RouteAsync(Url, route => route.FulfillAsync(new() { ContentType = "text/html", Body = BrowserPage.Html }));
        await page.GotoAsync(Url);
        return new Browser(chromium, page);
    }

    /// <summary>Which types <c>MediaRecorder</c> says it can record.</summary>
    public async Task<bool[]> SupportsAsync(params string[] types) =>
        (await DoAsync("supports", new { types })).GetProperty("supported").Deserialize<bool[]>()!;

    /// <summary>Records the microphone.</summary>
    /// <param name="mimeType">The container and codec.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="timeslice">After how many milliseconds a piece is handed out; null for one piece in the end.</param>
    /// <param name="bitrate">The bitrate to ask for, in bits per second.</param>
    /// <param name="pause">For how many seconds to pause after half the time; null for not at all.</param>
    /// <param name="channels">How many channels to ask the microphone for.</param>
    public async Task<RecordResult> RecordAsync(
        string mimeType, double seconds, int? timeslice = null, int bitrate = 24_000, double? pause = null, int channels = 1)
    {
        var result = await DoAsync("record", new { mimeType, seconds, timeslice, bitrate, pause, channels });
        return result.Deserialize<RecordResult>(JsonSerializerOptions.Web)!;
    }

    /// <summary>Decodes a whole file.</summary>
    public async Task<DecodeResult> DecodeAsync(byte[] file)
    {
        var result = await DoAsync("decode", new { file = Convert.ToBase64String(file) });
        return new DecodeResult(
            result.GetProperty("channels").GetInt32(),
            result.GetProperty("frames").GetInt32(),
            Oracle.Floats(result.GetProperty("samples").GetBytesFromBase64()));
    }

    /// <summary>Plays a file to its end.</summary>
    /// <param name="file">The file.</param>
    /// <param name="contentType">What it is served as.</param>
    /// <param name="rate">How many times as fast.</param>
    public async Task<PlayResult> PlayAsync(byte[] file, string contentType, double rate = 8)
    {
        var result = await DoAsync("play", new { file = Convert.ToBase64String(file), contentType, rate });
        return result.Deserialize<PlayResult>(JsonSerializerOptions.Web)!;
    }

    public ValueTask DisposeAsync() => _chromium.DisposeAsync();

    // What is no number in JSON (Infinity, NaN) becomes null there.
    private async Task<JsonElement> DoAsync(string name, object options)
    {
        var json = await _page.EvaluateAsync<string>(
            $"async options => JSON.stringify(await jobs.{name}(JSON.parse(options)))", JsonSerializer.Serialize(options))
            .WaitAsync(HeadlessChromium.Patience);
        return JsonDocument.Parse(json).RootElement;
    }
}
