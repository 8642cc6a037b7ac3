#:project ../src/VoiceKit.PulseAudio/VoiceKit.PulseAudio.csproj
// Plays a voice message on the speaker of a Linux desktop.

using VoiceKit;
using VoiceKit.Playback;
using VoiceKit.PulseAudio;

if (args is not [var input, .. var rest] || rest.Length > 1)
{
    Console.Error.WriteLine("usage: dotnet run samples/play.cs -- IN.opus [SPEED]");
    return 2;
}

await using var devices = await PulseAudioDevices.OpenAsync();
await using var player = new VoicePlayer(await devices.OpenOutputAsync());
player.Speed = rest is [var speed] ? double.Parse(speed) : 1;
await player.LoadAsync(await VoiceMessage.OpenAsync(input));
await player.PlayAsync();
await foreach (var now in player.WatchAsync())
{
    Console.Write($"\r{now.Position.TotalSeconds:F1} of {now.Duration.TotalSeconds:F1} s ");
    if (now.State is PlaybackState.Ended or PlaybackState.Faulted)
        break;
}
return player.Fault is null ? 0 : 1;
