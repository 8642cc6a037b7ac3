#:project ../src/VoiceKit.LibOpus/VoiceKit.LibOpus.csproj
// Makes a voice message of a WAV file.

using VoiceKit;
using VoiceKit.LibOpus;

if (args is not [var input, var output])
{
    Console.Error.WriteLine("usage: dotnet run samples/encode.cs -- IN.wav OUT.opus");
    return 2;
}

var message = await VoiceMessage.EncodeAsync(input, LibOpusCodec.Default);
await message.SaveAsync(output);
Console.WriteLine($"{output}: {message.Duration.TotalSeconds:F1} s, {message.Size} bytes");
return 0;
