using VoiceKit.FFmpeg;
using VoiceKit.Storage;

namespace VoiceKit.Docs.Tests.Pages;

public class StorePage : DocsPage
{
    [Fact]
    public async Task Examples_work()
    {
        using var store = new VoiceMessageStore("voices");
        var message = await VoiceMessage.OpenAsync("message.opus");
        var stored = await store.AddAsync(message, new VoiceMessageInfo { Direction = VoiceMessageDirection.Received, Sender = "Anna" });

        Assert.Equal("Received", Path.GetFileName(Path.GetDirectoryName(stored.Path)));

        await foreach (var one in store.ListAsync(new VoiceMessageQuery { Sender = "Anna", IsPlayed = false }))
            Console.WriteLine($"{one.Time:g} {one.Sender} {one.Duration:m\\:ss} {(one.IsPlayed ? "" : "new")}");
        var page = await store.ListAsync(new VoiceMessageQuery { Limit = 50 }).ToListAsync();
        var older = await store.ListAsync(new VoiceMessageQuery { Limit = 50, Before = page[^1] }).ToListAsync();
        store.Changed += (_, _) => Console.WriteLine("list again");     // added, changed or deleted, by whomever

        Assert.Equal("Anna", Assert.Single(page).Sender);
        Assert.Empty(older);

        var opened = await store.OpenAsync(stored.Id);                  // a VoiceMessage, or null when it is gone
        await store.MarkPlayedAsync(stored.Id);
        var forwarded = await store.ForwardAsync(stored.Id);            // the same audio, bit for bit, to Sent
        await store.DeleteAsync(forwarded!.Id);

        Assert.Equal(message.Duration, opened!.Duration);
        Assert.True(Assert.Single(await store.ListAsync().ToListAsync()).IsPlayed);

        await store.ExportAsync(stored.Id, "for-anna.opus");            // without what the store keeps in its tags
        await store.ExportWavAsync(stored.Id, "for-anna.wav");
        await store.ExportAsync(stored.Id, "for-mail.mp3", decoder: null, new FFmpegExporter(FFmpegExportFormat.Mp3));

        foreach (var file in new[] { "for-anna.opus", "for-anna.wav", "for-mail.mp3" })
            Assert.InRange(Loudest(file), 0.1, 1);

        using (var zip = File.Open("backup.zip", FileMode.OpenOrCreate))
            await store.BackupAsync(zip);
        using (var zip = File.OpenRead("backup.zip"))
        {
            var report = await store.RestoreAsync(zip);                 // only what the store has not
            Console.WriteLine($"{report.Restored.Count} restored, {report.UnchangedCount} there already");
        }
        var faults = await store.VerifyAsync();                         // every file, to the checksum

        Assert.Empty(faults);
    }
}
