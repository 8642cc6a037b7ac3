using VoiceKit.Storage;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Storage;

/// <summary>What is listed: all of it, or what is asked for, from the index.</summary>
public class QueryTests
{
    [Fact]
    public async Task All_messages_are_listed_newest_first()
    {
        using var folder = new TemporaryFolder();
        using var store = new VoiceMessageStore(folder.Path, Stores.Fast);
        for (var i = 0; i < 201; i++)
            await store.AddAsync(Stores.Message(i, 1), new() { Time = Stores.Start.AddSeconds(i) });
        var listed = await store.ListAsync().ToListAsync();
        Assert.Equal(201, listed.Count);
        Assert.Equal(
            listed.OrderByDescending(message => message.Time).Select(message => message.Id), listed.Select(
                message => message.Id));
        Assert.Equal(
            listed.Take(70).Select(message => message.Id), await store.ListAsync().Take(70).Select(
                message => message.Id).ToListAsync());
    }

    public static TheoryData<string> Names => [.. Queries.Keys];

    private static Dictionary<string, (VoiceMessageQuery Query, Func<StoredVoiceMessage, bool> Expected)> Queries => new()
    {
        ["sender"] = (new() { Sender = "Anna" }, message => message.Sender == "Anna"),
        ["no sender"] = (new() { Sender = "" }, message => message.Sender is null),
        ["conversation"] = (new() { Conversation = "c1" }, message => message.Conversation == "c1"),
        ["direction"] = (
            new() { Direction = VoiceMessageDirection.Received },
            message => message.Direction == VoiceMessageDirection.Received),
        ["played"] = (new() { IsPlayed = true }, message => message.IsPlayed),
        ["not played"] = (new() { IsPlayed = false }, message => !message.IsPlayed),
        ["forwarded"] = (new() { IsForwarded = true }, message => message.ForwardedCount > 0),
        ["since"] = (new() { Since = Stores.Start.AddSeconds(30) }, message => message.Time >= Stores.Start.AddSeconds(30)),
        ["until"] = (new() { Until = Stores.Start.AddSeconds(30) }, message => message.Time < Stores.Start.AddSeconds(30)),
        ["since a tick"] =
            (new() { Since = Stores.Start.AddSeconds(30).AddTicks(1) }, message => message.Time > Stores.Start.AddSeconds(30)),
        ["all at once"] = (
            new()
            {
                Sender = "Anna", Conversation = "c1", Direction = VoiceMessageDirection.Received, IsPlayed = false,
                IsForwarded = false,
                Since = Stores.Start.AddSeconds(10), Until = Stores.Start.AddSeconds(90),
            },
            message => message is { Sender: "Anna", Conversation: "c1", Direction: VoiceMessageDirection.Received, IsPlayed: false, ForwardedCount: 0 }
                && message.Time >= Stores.Start.AddSeconds(10) && message.Time < Stores.Start.AddSeconds(90)),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_query_gives_what_a_look_at_all_of_them_gives(string name)
    {
        var (query, expected) = Queries[name];
        using var folder = new TemporaryFolder();
        using var store = new VoiceMessageStore(folder.Path, Stores.Fast);
        await FillAsync(store);
        await CompareAsync(store);

        // From an index that was made anew, and in pages.
        File.Delete(Path.Combine(folder.Path, ".voicekit", "index"));
        await CompareAsync(store);
        var page = await store.ListAsync(query with { Limit = 3 }).ToListAsync();
        var rest = page.Count == 0 ? [] : await store.ListAsync(query with { Before = page[^1] }).ToListAsync();
        Assert.Equal(await Ids(store.ListAsync(query)), page.Concat(rest).Select(message => message.Id).ToArray());

        async Task CompareAsync(VoiceMessageStore store)
        {
            var all = await store.ListAsync().ToListAsync();
            var wanted = all.Where(expected).Select(message => message.Id).ToArray();
            Assert.NotEmpty(wanted);
            Assert.InRange(wanted.Length, 1, all.Count - 1);
            Assert.Equal(wanted, await Ids(store.ListAsync(query)));
        }
    }

    [Fact]
    public async Task A_query_opens_the_files_that_it_lists_and_no_others()
    {
        using var folder = new TemporaryFolder();
        using var store = new VoiceMessageStore(folder.Path, Stores.Fast);
        await FillAsync(store);
        foreach (var direction in Enum.GetValues<VoiceMessageDirection>())
            Directory.SetLastWriteTimeUtc(store.FolderOf(direction), Stores.Start.UtcDateTime.AddYears(-1));
        var wanted = await store.ListAsync(new() { Sender = "Anna" }).ToListAsync();
        foreach (var other in await store.ListAsync().Where(message => message.Sender != "Anna").ToListAsync())
            File.WriteAllText(other.Path, "no message any more");
        Assert.Equal(wanted.Select(message => message.Id), await Ids(store.ListAsync(new() { Sender = "Anna" })));
    }

    [Fact]
    public async Task A_message_that_a_hand_has_changed_is_listed_as_it_is()
    {
        using var folder = new TemporaryFolder();
        using var store = new VoiceMessageStore(folder.Path, Stores.Fast);
        var added = await store.AddAsync(Stores.Message(1), new() { Sender = "Anna" });
        Assert.Single(await store.ListAsync(new() { Sender = "Anna" }).ToListAsync());
        VoiceKit.Ogg.OggOpusTagEdit.Edit(added.Path, tags => tags.With(VoiceStoreTagNames.Sender, "Bert"));
        Assert.Empty(await store.ListAsync(new() { Sender = "Anna" }).ToListAsync());
        Assert.Equal(added.Id, Assert.Single(await store.ListAsync(new() { Sender = "Bert" }).ToListAsync()).Id);
    }

    [Fact]
    public async Task A_record_of_the_index_that_is_broken_hides_no_message()
    {
        using var folder = new TemporaryFolder();
        using var store = new VoiceMessageStore(folder.Path, Stores.Fast);
        await FillAsync(store);
        var path = Path.Combine(folder.Path, ".voicekit", "index");
        File.Delete(path);
        var ids = await Ids(store.ListAsync());
        var bytes = File.ReadAllBytes(path);
        bytes[64 + 5 * IndexEntry.RecordSize] ^= (byte)IndexFlags.IsMessage;
        File.WriteAllBytes(path, bytes);
        Assert.Equal(ids, await Ids(store.ListAsync()));
    }

    [Fact]
    public async Task A_loop_that_goes_on_while_messages_come_and_go_lists_those_that_stay()
    {
        using var folder = new TemporaryFolder();
        using var store = new VoiceMessageStore(folder.Path, Stores.Fast);
        for (var i = 0; i < 150; i++)
            await store.AddAsync(Stores.Message(i, 1), new() { Time = Stores.Start.AddSeconds(i) });
        var all = await store.ListAsync().ToListAsync();
        var seen = new List<string>();
        await foreach (var message in store.ListAsync())
        {
            seen.Add(message.Id);
            if (seen.Count == 10)
            {
                await store.AddAsync(Stores.Message(999, 1), new() { Time = Stores.Start.AddDays(1) });
                await store.DeleteAsync(all[140].Id);
            }
        }

        Assert.Equal(all.Where(message => message.Id != all[140].Id).Select(message => message.Id), seen);
    }

    private static async Task<string[]> Ids(IAsyncEnumerable<StoredVoiceMessage> messages) =>
        await messages.Select(message => message.Id).ToArrayAsync();

    private static async Task FillAsync(VoiceMessageStore store)
    {
        string?[] senders = ["Anna", "Bert", null];
        for (var i = 0; i < 100; i++)
        {
            var added = await store.AddAsync(Stores.Message(i, 1), new()
            {
                Time = Stores.Start.AddSeconds(i),
                Sender = senders[i % 3],
                Conversation = $"c{i % 4}",
                Direction = (VoiceMessageDirection)(i / 4 % 2),
                ForwardedCount = i % 7 == 0 ? 2 : 0,
            });
            if (i % 5 == 0)
                await store.MarkPlayedAsync(added.Id);
        }
    }
}
