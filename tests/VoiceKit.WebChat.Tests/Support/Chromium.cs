using System.Diagnostics;
using System.Text;
using VoiceKit.Audio;
using VoiceKit.Tests.Support;

namespace VoiceKit.WebChat.Tests.Support;

/// <summary>Headless Chromium, whose microphone hears a file once from its start whenever it is opened.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Announcement = "DevTools listening on ";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly StringBuilder _errors = new();
    private readonly Devtools _devtools = new();
    private Process? _process;

    /// <summary>What the microphone hears: 30 s of a voice at 48 kHz that rises, so that no part of it is like another.</summary>
    internal static float[] Voice { get; } = Speak(30 * 48_000);

    internal Devtools Devtools => _devtools;

    private static float[] Speak(int frames)
    {
        var samples = new float[frames];
        var phase = 0.0;
        for (var frame = 0; frame < frames; frame++)
        {
            var time = frame / 48_000.0;
            phase += 2 * Math.PI * (140 + 3 * time + 40 * Math.Sin(2 * Math.PI * 0.7 * time)) / 48_000;
            var loudness = 0.2 * Math.Max(0, Math.Sin(2 * Math.PI * 1.3 * time));
            for (var harmonic = 1; harmonic <= 8 && loudness > 0; harmonic++)
                samples[frame] += (float)(loudness * Math.Sin(harmonic * phase) / harmonic);
        }

        return samples;
    }

    public async ValueTask InitializeAsync()
    {
        var wav = _folder["microphone.wav"];
        using (var writer = new WavWriter(File.Create(wav), new AudioFormat(48_000, 1)))
            writer.Write(Voice);
        string[] flags =
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
            "--disable-background-timer-throttling", "--disable-backgrounding-occluded-windows",
            "--disable-renderer-backgrounding",
            "--mute-audio", "--use-fake-device-for-media-stream", $"--use-file-for-fake-audio-capture={wav}%noloop",
            $"--user-data-dir={_folder["profile"]}", "--remote-debugging-port=0", "about:blank",
        ];
        var listening = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var start = new ProcessStartInfo("chromium", flags) { RedirectStandardError = true, RedirectStandardOutput = true };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
                _errors.AppendLine(line.Data);
            if (line.Data?.StartsWith(Announcement, StringComparison.Ordinal) == true)
                listening.TrySetResult(line.Data[Announcement.Length..]);
        };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        try
        {
            await _devtools.ConnectAsync(new Uri(await listening.Task.WaitAsync(Patience)));
        }
        catch (TimeoutException)
        {
            lock (_errors)
                throw new TimeoutException($"Chromium does not start:\n{_errors}");
        }
    }

    /// <summary>Opens a page as a person of their own, with nothing in common with other tabs.</summary>
    /// <param name="url">The page.</param>
    /// <param name="mayRecord">Whether the person allows the microphone.</param>
    internal async Task<Tab> OpenAsync(string url, bool mayRecord = true)
    {
        var context = (string)(await _devtools.CallAsync("Target.createBrowserContext"))["browserContextId"]!;
        var origin = new Uri(url).GetLeftPart(UriPartial.Authority);
        await _devtools.CallAsync("Browser.setPermission", new
        {
            Permission = new { Name = "microphone" },
            Setting = mayRecord ? "granted" : "denied",
            Origin = origin,
            BrowserContextId = context,
        });
        return await Tab.OpenAsync(_devtools, context, url);
    }

    public async ValueTask DisposeAsync()
    {
        await _devtools.DisposeAsync();
        if (_process is null)
            return;
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        DeleteFolder();
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

/// <summary>Tests that share the browser.</summary>
[CollectionDefinition("chromium")]
public class ChromiumCollection : ICollectionFixture<Chromium>;
