// What an app does with voice messages, in the current folder. The parts between marks are the examples of the packages' READMEs.
using System.Runtime.InteropServices;
using VoiceKit;
using VoiceKit.FFmpeg;
using VoiceKit.Importing;
using VoiceKit.LibOpus;
using VoiceKit.Playback;
using VoiceKit.PulseAudio;
using VoiceKit.Recording;

// As where libopus is not: whoever looks for it finds nothing.
var isWithoutLibOpus = Environment.GetEnvironmentVariable("WITHOUT_LIBOPUS") == "1";
if (isWithoutLibOpus)
    NativeLibrary.SetDllImportResolver(typeof(LibOpusCodec).Assembly, (_, _, _) => throw new DllNotFoundException());

if (isWithoutLibOpus)
    Console.WriteLine(VoiceCodec.Default.Name);
else
    NameLibrary();
Console.WriteLine(RuntimeInformation.FrameworkDescription);
Console.WriteLine(isWithoutLibOpus ? VoiceCodec.FallbackReason : PathOfLibrary());

// <VoiceKit>
var message = await VoiceMessage.EncodeAsync("spoken.wav", VoiceCodec.Default);
await message.SaveAsync("message.opus");

var received = await VoiceMessage.OpenAsync("message.opus");
var bars = await received.GetWaveformAsync(bars: 40);
Console.WriteLine(bars.ToBlocks());
await File.WriteAllBytesAsync("bars.png", bars.ToPng());
await received.SaveWavAsync("decoded.wav");
// </VoiceKit>

var codec = VoiceCodec.Default;

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

await using var system = await VoiceDevices.OpenAsync();
var isListed = (await system.ListAsync()).Count > 0;

Console.WriteLine($"{player.State}, {player.Underruns} gaps");
return mine is not null && player.State == PlaybackState.Ended && isListed ? 0 : 1;

static void NameLibrary()
{
    // <VoiceKit.LibOpus>
    var codec = LibOpusCodec.Default;
    Console.WriteLine(codec.Name);                                      // libopus 1.5.2
    // </VoiceKit.LibOpus>
}

static string PathOfLibrary()
{
    var mapped = File.ReadLines("/proc/self/maps").First(line => line.Contains("/libopus.so"));
    return mapped[mapped.IndexOf('/')..];
}
