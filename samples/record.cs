#:project ../src/VoiceKit.LibOpus/VoiceKit.LibOpus.csproj
#:project ../src/VoiceKit.PulseAudio/VoiceKit.PulseAudio.csproj
// Records a voice message from the microphone of a Linux desktop.

using VoiceKit.LibOpus;
using VoiceKit.PulseAudio;
using VoiceKit.Recording;

if (args is not [var output, var length] || !double.TryParse(length, out var seconds))
{
    Console.Error.WriteLine("usage: dotnet run samples/record.cs -- OUT.opus SECONDS");
    return 2;
}

await using var devices = await PulseAudioDevices.OpenAsync();
await using var recorder = new VoiceRecorder(await devices.OpenInputAsync(), LibOpusCodec.Default);
recorder.Progress += (_, now) => Console.Write($"\r{now.Elapsed.TotalSeconds:F1} s {now.Rms:F0} dB  ");
recorder.StateChanged += (_, change) => Console.WriteLine(change.Fault?.Message);
await recorder.StartAsync();
await Task.Delay(TimeSpan.FromSeconds(seconds));
var message = await recorder.FinishToFileAsync(output);
Console.WriteLine(message is null ? "Too short: hold longer." : $"{message.Duration.TotalSeconds:F1} s, {message.Size} bytes");
return message is null ? 1 : 0;
