using VoiceKit.Storage;

namespace VoiceKit.Tests.Storage;

/// <summary>
/// A process that does all kinds of work at once, each on a store of its own, until it is killed, and says what is done.
/// </summary>
internal static class StoreChild
{
    public const string Word = "store-until-killed";

    // A test that ends early kills nobody.
    private const int MaxRounds = 10_000;

    public static IReadOnlyList<string> Works { get; } = ["add", "delete", "forward", "backup", "restore"];

    public static async Task<int> RunAsync(string folder)
    {
        await Task.WhenAll(Works.Select(work => Task.Run(() => WorkAsync(Path.Combine(folder, work), work))));
        return 0;
    }

    private static async Task WorkAsync(string folder, string work)
    {
        using var store = new VoiceMessageStore(folder, Stores.Fast);
        var message = Stores.Message(1, 50);
        for (var i = 0; i < MaxRounds; i++)
        {
            var added = await store.AddAsync(message, new() { Direction = (VoiceMessageDirection)(i % 2) });
            Say(work, '+', added.Id);
            if (work == "delete" && i % 2 == 0)
            {
                Say(work, '?', added.Id);
                await store.DeleteAsync(added.Id);
                Say(work, '-', added.Id);
            }

            if (work == "forward")
                Say(work, '+', (await store.ForwardAsync(added.Id))!.Id);
            if (work is "backup" or "restore")
                await BackUpAsync(store, folder, work, added.Id);
        }
    }

    private static async Task BackUpAsync(VoiceMessageStore store, string folder, string work, string id)
    {
        // A backup that is gone on with next time.
        using var zip = new FileStream(
            folder + ".zip", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        await store.BackupAsync(zip);
        if (work == "backup")
            return;
        Say(work, '?', id);
        await store.DeleteAsync(id);
        await store.RestoreAsync(zip);
        Say(work, '+', id);
    }

    private static void Say(string work, char word, string id) => Console.WriteLine($"{work} {word}{id}");
}
