using Microsoft.Playwright;
using VoiceKit.Audio;

namespace VoiceKit.WebChat.Tests.Support;

/// <summary>
/// Headless Chromium, started when it is first needed, whose microphone hears a file once from its start whenever it is opened.
/// </summary>
public sealed class Chromium : IAsyncDisposable
{
    private readonly Lazy<Task<HeadlessChromium>> _chromium = new(
        () => HeadlessChromium.StartAsync(Voice, new AudioFormat(48_000, 1), isLooped: false));

    /// <summary>What the microphone hears: 30 s of a voice at 48 kHz that rises, so that no part of it is like another.</summary>
    internal static float[] Voice { get; } = Speak(30 * 48_000);

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

    /// <summary>Opens a page as a person of their own, with nothing in common with other tabs.</summary>
    /// <param name="url">The page.</param>
    /// <param name="mayRecord">Whether the person allows the microphone.</param>
    internal async Task<Tab> OpenAsync(string url, bool mayRecord = true)
    {
        var browser = (await _chromium.Value).Browser;
        var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = 900, Height = 760 } });

        // What is not granted, is denied.
        string[] permissions = mayRecord ? ["microphone"] : [];
        await context.GrantPermissionsAsync(permissions, new() { Origin = new Uri(url).GetLeftPart(UriPartial.Authority) });
        return await Tab.OpenAsync(context, url);
    }

    public async ValueTask DisposeAsync()
    {
        if (_chromium.IsValueCreated && _chromium.Value.IsCompletedSuccessfully)
            await (await _chromium.Value).DisposeAsync();
    }
}

/// <summary>Tests that share the browser.</summary>
[CollectionDefinition("chromium")]
public class ChromiumCollection : ICollectionFixture<Chromium>;
