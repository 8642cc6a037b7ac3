using System.Runtime.Versioning;
using VoiceKit.LibOpus;
using VoiceKit.NAudio;
using VoiceKit.Playback;

namespace VoiceKit.Windows.Tests.Actor;

/// <summary>Plays message.opus of a folder on the default speaker.</summary>
/// <param name="stage">The folder.</param>
/// <param name="how">"whole", "fast" or "paused".</param>
[SupportedOSPlatform("windows")]
internal sealed class Player(Stage stage, string how)
{
    public async Task RunAsync()
    {
        var message = await VoiceMessage.OpenAsync(stage["message.opus"]);
        await using var devices = await WasapiDevices.OpenAsync(
            new WasapiOptions { OutputBuffer = TimeSpan.FromMilliseconds(500) });
        await using var player = new VoicePlayer(await devices.OpenOutputAsync(), LibOpusCodec.Default);
        await player.LoadAsync(message);
        player.StateChanged += (_, progress) =>
            Stage.Tell($"state {progress.State} {(player.Fault as AudioDeviceException)?.Fault}");
        player.Speed = how == "fast" ? 2 : 1;
        await player.PlayAsync();
        await Stage.Until(() => player.Position > TimeSpan.FromMilliseconds(500) || player.State != PlaybackState.Playing);
        Stage.Tell("plays");
        if (how == "paused")
            await PauseAsync(player);
        await Stage.Until(() => player.State is PlaybackState.Ended or PlaybackState.Faulted);
        Stage.Tell($"position {player.Position.TotalMilliseconds:F0}");
        Stage.Tell($"duration {message.Duration.TotalMilliseconds:F0}");
        Stage.Tell($"underruns {player.Underruns}");
    }

    private static async Task PauseAsync(VoicePlayer player)
    {
        await Stage.Until(() => player.Position > TimeSpan.FromSeconds(2));
        await player.PauseAsync();
        var position = player.Position;
        await Task.Delay(500);
        Stage.Tell($"paused {position.TotalMilliseconds:F0} {player.Position.TotalMilliseconds:F0}");
        await player.PlayAsync();
    }
}
