using VoiceKit.PulseAudio.Tests;

namespace VoiceKit.Windows.Tests.Support;

/// <summary>
/// Listens to a speaker that may be late: a busy machine puts silence into what it plays, and loses nothing of it.
/// </summary>
internal static class Monitors
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Waits until the speaker has played two seconds more, by its own clock, and gives all that was not silent.
    /// </summary>
    public static async Task<float[]> HearOutAsync(this VirtualSoundCard.Recording monitor)
    {
        var until = monitor.Heard.Length + 2 * Sounds.Rate;
        using var enough = new CancellationTokenSource(Patience);
        while (monitor.Heard.Length < until)
            await Task.Delay(100, enough.Token);
        return WithoutSilence(monitor.Stop());
    }

    /// <summary>The samples that are not 0.</summary>
    public static float[] WithoutSilence(float[] samples) => Array.FindAll(samples, sample => sample != 0);
}
