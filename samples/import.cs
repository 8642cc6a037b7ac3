#:project ../src/VoiceKit.LibOpus/VoiceKit.LibOpus.csproj
#:project ../src/VoiceKit.FFmpeg/VoiceKit.FFmpeg.csproj
// Makes a voice message of any recording: equally loud as others, without silence at its ends.

using VoiceKit;
using VoiceKit.FFmpeg;
using VoiceKit.Importing;
using VoiceKit.LibOpus;

if (args is not [var input, var output])
{
    Console.Error.WriteLine("usage: dotnet run samples/import.cs -- IN OUT.opus");
    return 2;
}

try
{
    var importer = new VoiceImporter(LibOpusCodec.Default, FFmpegDecoder.Default);
    var options = new VoiceImportOptions { TargetLoudness = VoiceImportOptions.DefaultTargetLoudness, TrimSilence = true };
    var message = await importer.ImportAsync(input, options);
    await message.SaveAsync(output);
    Console.WriteLine($"{output}: {message.Duration.TotalSeconds:F1} s, {message.Size} bytes");
    return 0;
}
catch (VoiceKitException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
