using VoiceKit.Audio;

namespace VoiceKit.Tests.Support;

/// <summary>One browser for all tests of the collection, started when it is first needed. Its microphone hears a voice.</summary>
public sealed class BrowserFixture : IDisposable
{
    private readonly Lazy<Browser> _browser = new(() => new Browser(Voice, new AudioFormat(48_000, 1)));

    /// <summary>What the microphone hears: 4 s at 48 kHz, over and over.</summary>
    internal static float[] Voice { get; } = Signals.Voice(4 * 48_000);

    internal Browser Browser => _browser.Value;

    public void Dispose()
    {
        if (_browser.IsValueCreated)
            _browser.Value.Dispose();
    }
}

/// <summary>Tests that share a browser.</summary>
[CollectionDefinition("browser")]
public class BrowserCollection : ICollectionFixture<BrowserFixture>;
