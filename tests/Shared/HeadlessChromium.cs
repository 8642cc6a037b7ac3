using Microsoft.Playwright;
using VoiceKit.Audio;

namespace VoiceKit.Tests.Support;

/// <summary>The system's Chromium without a window, with a microphone that hears a file.</summary>
internal sealed class HeadlessChromium : IAsyncDisposable
{
    private const string Program = "chromium";

    /// <summary>How long a page may take. It is long, since a busy machine is no reason to fail.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>The browser, which has been started.</summary>
    public IBrowser Browser => _browser!;

    /// <summary>Starts it; where it is not installed, the test is skipped.</summary>
    /// <param name="microphone">What its microphone hears, from the start whenever it is opened.</param>
    /// <param name="format">The format of that.</param>
    /// <param name="isLooped">Whether the microphone hears it again after its end.</param>
    /// <param name="flags">More flags for the command line.</param>
    public static async Task<HeadlessChromium> StartAsync(
        float[] microphone, AudioFormat format, bool isLooped, params string[] flags)
    {
        Requires.Program(Program);
        var chromium = new HeadlessChromium();
        try
        {
            await chromium.LaunchAsync(chromium.Write(microphone, format) + (isLooped ? "" : "%noloop"), flags);
            return chromium;
        }
        catch
        {
            await chromium.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync().AsTask().WaitAsync(Patience);
        _playwright?.Dispose();
        _folder.Dispose();
    }

    private async Task LaunchAsync(string microphone, string[] flags)
    {
        _playwright = await Playwright.CreateAsync().WaitAsync(Patience);
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Find(),
            Timeout = (float)Patience.TotalMilliseconds,
            Args = ["--use-fake-device-for-media-stream", $"--use-file-for-fake-audio-capture={microphone}", .. flags],
        });
    }

    private string Write(float[] microphone, AudioFormat format)
    {
        var wav = _folder["microphone.wav"];
        using var writer = new WavWriter(File.Create(wav), format);
        writer.Write(microphone);
        return wav;
    }

    private static string Find() => Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, Program)).First(File.Exists);
}
