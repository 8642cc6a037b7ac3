#:project ../src/VoiceKit.Core/VoiceKit.Core.csproj
// Says what is known of a voice message, and decodes it to a WAV file of the same length to the sample.

using VoiceKit;

if (args is not [var input, var output])
{
    Console.Error.WriteLine("usage: dotnet run samples/read.cs -- IN.opus OUT.wav");
    return 2;
}

var message = await VoiceMessage.OpenAsync(input);
Console.WriteLine($"{message.Duration.TotalSeconds:F1} s, {message.Info.PacketCount} packets, {message.Info.Bitrate:F0} bit/s");
foreach (var comment in message.Tags.Comments)
    Console.WriteLine($"{comment.Name}: {comment.Value}");
foreach (var defect in message.Info.Defects)
    Console.WriteLine($"at byte {defect.Offset}: {defect.Message}");
await message.SaveWavAsync(output);
return 0;
