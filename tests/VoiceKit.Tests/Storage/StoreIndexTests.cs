using VoiceKit.Ogg;
using VoiceKit.Storage;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Storage;

/// <summary>The index saves reading, and is never believed more than the folders.</summary>
public class StoreIndexTests
{
    [Fact]
    public async Task A_page_opens_the_files_that_are_on_it_and_no_others()
    {
        using var folder = new TemporaryFolder();
        using var store = await FillAsync(folder.Path, 30);
        var index = File.ReadAllBytes(IndexOf(folder.Path));
        var all = await store.ListAsync().ToListAsync();
        foreach (var message in all.Skip(3).Take(20))
            File.WriteAllText(message.Path, "no message any more");

        // Files that are opened and are no messages leave the index, and their place on the page to the next ones.
        Assert.Equal(Ids(all.Take(3)), Ids(await store.ListAsync(new() { Limit = 3 }).ToListAsync()));
        Assert.Equal(Ids(all.Skip(23)), Ids(await store.ListAsync(new() { Before = all[22] }).ToListAsync()));
        Assert.NotNull(await store.GetAsync(all[29].Id));
        Assert.Equal(index, File.ReadAllBytes(IndexOf(folder.Path)));
        Assert.Equal(Ids([.. all.Take(3), .. all.Skip(23)]), Ids(await store.ListAsync().ToListAsync()));
        Assert.NotEqual(index, File.ReadAllBytes(IndexOf(folder.Path)));
    }

    [Fact]
    public async Task An_index_that_is_cut_off_or_of_another_kind_or_place_or_time_is_not_believed()
    {
        using var folder = new TemporaryFolder();
        using var other = await FillAsync(folder["b"], 4);
        using var store = await FillAsync(folder["a"], 12);
        var path = IndexOf(folder["a"]);
        var old = File.ReadAllBytes(path);
        await store.AddAsync(Stores.Message(50), new() { Time = Stores.Start.AddDays(1) });
        await store.DeleteAsync((await store.ListAsync().ToListAsync())[5].Id);
        Age(store, 9);
        var expected = await Stores.IdsAsync(store);
        var good = File.ReadAllBytes(path);

        byte[][] indexes =
        [
            old, File.ReadAllBytes(IndexOf(folder["b"])), "VKINDEX\x02"u8.ToArray(), [.. "VKINDEX\x02"u8, .. good[8..]],
            [.. good, .. new byte[1000]],
            new byte[good.Length],
            .. Enumerable.Range(0, 40).Select(i => good[..(good.Length * i / 40)]),
        ];
        foreach (var index in indexes)
        {
            File.WriteAllBytes(path, index);
            Assert.Equal(expected, await Stores.IdsAsync(store));
            File.WriteAllBytes(path, index);
            using var reopened = new VoiceMessageStore(folder["a"], Stores.Fast);
            Assert.Equal(expected, await Stores.IdsAsync(reopened));
        }
    }

    [Fact]
    public async Task What_an_editor_changes_in_a_file_is_seen_in_its_place()
    {
        using var folder = new TemporaryFolder();
        using var store = await FillAsync(folder.Path, 6);
        var all = await store.ListAsync().ToListAsync();

        // In place, of which the folder knows nothing; and as a new file of the old name.
        OggOpusTagEdit.Edit(all[1].Path, tags => tags.With(VoiceStoreTagNames.Time, "2026-11-21T08:00:00.000Z"));
        Assert.Equal(Ids([all[0], .. all.Skip(2), all[1]]), Ids(await store.ListAsync().ToListAsync()));
        OggOpusTagEdit.Edit(
            all[5].Path,
            tags =>
                tags.With(VoiceStoreTagNames.Time, "2026-11-22T08:00:00.000Z").With(
                    VoiceStoreTagNames.Sender, new string('x', 600)),
            new OggOpusTagEditOptions { AllowInPlace = false });
        var listed = await store.ListAsync().ToListAsync();
        Assert.Equal(Ids([all[5], all[0], .. all.Skip(2).Take(3), all[1]]), Ids(listed));
        Assert.Equal(600, listed[0].Sender!.Length);
    }

    private static async Task<VoiceMessageStore> FillAsync(string path, int count)
    {
        var store = new VoiceMessageStore(path, Stores.Fast);
        for (var i = 0; i < count; i++)
            await store.AddAsync(
                Stores.Message(i, 2), new() { Time = Stores.Start.AddSeconds(i), Direction = (VoiceMessageDirection)(i % 2) });
        Age(store, 1);
        await store.ListAsync().ToListAsync();
        return store;
    }

    // Folders that changed just now are looked through once more.
    private static void Age(VoiceMessageStore store, int hours)
    {
        foreach (var direction in Enum.GetValues<VoiceMessageDirection>())
            Directory.SetLastWriteTimeUtc(store.FolderOf(direction), Stores.Start.UtcDateTime.AddYears(-1).AddHours(hours));
    }

    private static string IndexOf(string folder) => Path.Combine(folder, ".voicekit", "index");

    private static IEnumerable<string> Ids(IEnumerable<StoredVoiceMessage> messages) => messages.Select(message => message.Id);
}
