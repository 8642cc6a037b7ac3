using VoiceKit.FFmpeg;
using VoiceKit.Importing;
using VoiceKit.LibOpus;
using VoiceKit.Storage;

namespace VoiceKit.Docs.Tests.Pages;

public class ReadmePage : DocsPage
{
    [Fact]
    public async Task Example_of_import_and_store_works()
    {
        WritePhoneRecording("phone.m4a");
        var codec = LibOpusCodec.Default;
        var importer = new VoiceImporter(codec, FFmpegDecoder.Default);               // Opus is taken as it is, the rest encoded
        var imported = await importer.ImportAsync("phone.m4a", new VoiceImportOptions { TrimSilence = true });

        using var store = new VoiceMessageStore("voices");                            // a folder is the database
        var kept = await store.AddAsync(imported, new VoiceMessageInfo { Sender = "Anna" });
        await foreach (var one in store.ListAsync())                                  // the newest first
            Console.WriteLine($"{one.Sender}, {one.Time:g}, {one.Duration.TotalSeconds:F0} s, {one.Path}");
        await store.ForwardAsync(kept.Id);                                            // bit for bit

        Assert.Equal(2, (await store.ListAsync().ToListAsync()).Count);
    }
}
