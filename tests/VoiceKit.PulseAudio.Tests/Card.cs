namespace VoiceKit.PulseAudio.Tests;

/// <summary>What the tests share in using a <see cref="VirtualSoundCard"/>.</summary>
internal static class Card
{
    /// <summary>How long to wait for what must come; a machine may be very busy.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    public static PulseAudioOptions Options(this VirtualSoundCard card) =>
        new() { Server = card.Server, ApplicationName = "tests" };

    /// <summary>With a buffer that does not run dry on a busy machine.</summary>
    public static PulseAudioOptions LongOptions(this VirtualSoundCard card) =>
        card.Options() with { OutputBuffer = PulseAudioOptions.MaxBuffer };

    public static async Task Within(this ValueTask task) => await task.AsTask().WaitAsync(Patience);

    /// <summary>Waits until something is so.</summary>
    public static async Task Until(Func<bool> condition, string what)
    {
        using var enough = new CancellationTokenSource(Patience);
        while (!condition())
        {
            Assert.False(enough.IsCancellationRequested, $"It never came to be: {what}.");
            await Task.Delay(10);
        }
    }
}
