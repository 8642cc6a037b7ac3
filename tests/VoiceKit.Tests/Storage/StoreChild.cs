using VoiceKit.Storage;

namespace VoiceKit.Tests.Storage;

/// <summary>A process that works on a store until it is killed, and says what is done.</summary>
internal static class StoreChild
{
    public const string Word = "store-until-killed";

    // A test that ends early kills nobody.
    private const int MaxRounds = 10_000;

    public static async Task<int> RunAsync(string folder, string work)
    {
        using var store = new VoiceMessageStore(folder, Stores.Fast);
        var message = Stores.Message(1, 50);
        for (var i = 0; i < MaxRounds; i++)
        {
            var added = await store.AddAsync(message, new() { Direction = (VoiceMessageDirection)(i % 2) });
            Say("+", added.Id);
            if (work == "delete" && i % 2 == 0)
            {
                Say("?", added.Id);
                await store.DeleteAsync(added.Id);
                Say("-", added.Id);
            }

            if (work == "forward")
                Say("+", (await store.ForwardAsync(added.Id))!.Id);
            if (work is "backup" or "restore")
                await BackUpAsync(store, folder, work == "restore", added.Id);
        }

        return 0;
    }

    private static async Task BackUpAsync(VoiceMessageStore store, string folder, bool isRestored, string id)
    {
        // A backup that is gone on with next time.
        using var zip = new FileStream(folder + ".zip", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        await store.BackupAsync(zip);
        if (!isRestored)
            return;
        Say("?", id);
        await store.DeleteAsync(id);
        await store.RestoreAsync(zip);
        Say("+", id);
    }

    private static void Say(string word, string id) => Console.WriteLine($"{word}{id}");
}
