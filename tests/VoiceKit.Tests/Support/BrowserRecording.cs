namespace VoiceKit.Tests.Support;

/// <summary>
/// Recordings by Chromium's <c>MediaRecorder</c> that are kept in the folder Fixtures: 2.5 s from the microphone of
/// <see cref="BrowserFixture"/>. <see cref="MakeAsync"/> makes them; a test has it do so when VOICEKIT_MAKE_FIXTURES is set.
/// </summary>
/// <param name="Name">The file's name.</param>
/// <param name="MimeType">What was asked for.</param>
/// <param name="Timeslice">After how many milliseconds a piece was handed out; null for one piece.</param>
/// <param name="Pause">How long the recorder paused, in seconds.</param>
/// <param name="Channels">The channels of the microphone.</param>
internal sealed record BrowserRecording(string Name, string MimeType, int? Timeslice, double? Pause, int Channels)
{
    public const string WebM = "audio/webm;codecs=opus";
    public const string Mp4 = "audio/mp4;codecs=opus";
    private const double Seconds = 2.5;

    public static BrowserRecording[] All { get; } =
    [
        new("chromium-mono.webm", WebM, null, null, 1),
        new("chromium-stereo-slices-pause.webm", WebM, 200, 0.4, 2),
        new("chromium-mono.mp4", Mp4, null, null, 1),
        new("chromium-stereo-slices-pause.mp4", Mp4, 200, 0.4, 2),
    ];

    public static BrowserRecording Get(string name) => All.Single(recording => recording.Name == name);

    private string Copy => Path.Combine(AppContext.BaseDirectory, "Fixtures", Name);

    public byte[] Load() => File.ReadAllBytes(Copy);

    public async Task MakeAsync(Browser browser)
    {
        var recording = await browser.RecordAsync(MimeType, Seconds, Timeslice, 24_000, Pause, Channels);
        await File.WriteAllBytesAsync(SourceTree.PathOf($"tests/VoiceKit.Tests/Fixtures/{Name}"), recording.Data);
        await File.WriteAllBytesAsync(Copy, recording.Data);
    }
}
