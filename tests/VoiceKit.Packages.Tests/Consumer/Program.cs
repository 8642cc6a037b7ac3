// What an app does with voice messages, in the current folder. The parts between marks are the examples of the packages' READMEs.
using System.Runtime.InteropServices;
using VoiceKit;
using VoiceKit.FFmpeg;
using VoiceKit.Importing;
using VoiceKit.LibOpus;
using VoiceKit.Playback;
using VoiceKit.PulseAudio;
using VoiceKit.Recording;

// <VoiceKit.LibOpus>
var codec = LibOpusCodec.Default;
Console.WriteLine(codec.Name);                                      // libopus 1.3.1
// </VoiceKit.LibOpus>

Console.WriteLine(RuntimeInformation.FrameworkDescription);
var mapped = File.ReadLines("/proc/self/maps").First(line => line.Contains("/libopus.so"));
Console.WriteLine(mapped[mapped.IndexOf('/')..]);

// <VoiceKit>
var message = await VoiceMessage.EncodeAsync("spoken.wav", codec);
await message.SaveAsync("message.opus");

var received = await VoiceMessage.OpenAsync("message.opus");
var bars = await received.GetWaveformAsync(codec, bars: 40);
Console.WriteLine(bars.ToBlocks());
await File.WriteAllBytesAsync("bars.png", bars.ToPng());
await received.SaveWavAsync("decoded.wav", codec);
// </VoiceKit>

// <VoiceKit.FFmpeg>
var importer = new VoiceImporter(codec, FFmpegDecoder.Default);
var imported = await importer.ImportAsync("spoken.flac");
await imported.SaveAsync("imported.opus");
// </VoiceKit.FFmpeg>

// <VoiceKit.PulseAudio>
await using var devices = await PulseAudioDevices.OpenAsync();
await using var recorder = new VoiceRecorder(await devices.OpenInputAsync(), codec);
await recorder.StartAsync();
await foreach (var now in recorder.WatchAsync())
{
    if (now.Elapsed > TimeSpan.FromSeconds(1.5))
        break;
}

var mine = await recorder.FinishToFileAsync("mine.opus");

await using var player = new VoicePlayer(await devices.OpenOutputAsync(), codec);
await player.LoadAsync(received);
await player.PlayAsync();
await foreach (var now in player.WatchAsync())
{
    if (now.State is PlaybackState.Ended or PlaybackState.Faulted)
        break;
}
// </VoiceKit.PulseAudio>

Console.WriteLine($"{player.State}, {player.Underruns} gaps");
return mine is not null && player.State == PlaybackState.Ended ? 0 : 1;
