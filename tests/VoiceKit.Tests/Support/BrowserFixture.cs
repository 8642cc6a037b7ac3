using VoiceKit.Audio;

namespace VoiceKit.Tests.Support;

/// <summary>One browser for all tests of the collection, started when it is first needed. Its microphone hears a voice.</summary>
public sealed class BrowserFixture : IAsyncDisposable
{
    private readonly Lazy<Task<Browser>> _browser = new(() => Browser.StartAsync(Voice, new AudioFormat(48_000, 1)));

    /// <summary>What the microphone hears: 4 s at 48 kHz, over and over.</summary>
    internal static float[] Voice { get; } = Signals.Voice(4 * 48_000);

    internal Task<Browser> GetAsync() => _browser.Value;

    public async ValueTask DisposeAsync()
    {
        if (_browser.IsValueCreated && _browser.Value.IsCompletedSuccessfully)
            await (await _browser.Value).DisposeAsync();
    }
}

/// <summary>Tests that share a browser.</summary>
[CollectionDefinition("browser")]
public class BrowserCollection : ICollectionFixture<BrowserFixture>;
