#:project ../src/VoiceKit.Core/VoiceKit.Core.csproj
// Puts voice messages into a folder, and lists what is in it.

using VoiceKit;
using VoiceKit.Storage;

if (args is not [var folder, .. var files])
{
    Console.Error.WriteLine("usage: dotnet run samples/store.cs -- FOLDER [IN.opus]...");
    return 2;
}

using var store = new VoiceMessageStore(folder);
foreach (var file in files)
    await store.AddAsync(await VoiceMessage.OpenAsync(file), new VoiceMessageInfo { Direction = VoiceMessageDirection.Received });
await foreach (var message in store.ListAsync())
    Console.WriteLine($"{message.Time:u} {message.Duration.TotalSeconds:F1} s {(message.IsPlayed ? "" : "new ")}{message.Path}");
return 0;
