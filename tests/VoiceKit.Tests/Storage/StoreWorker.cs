using System.Globalization;
using VoiceKit.Storage;

namespace VoiceKit.Tests.Storage;

/// <summary>A process that does with a store what it is told, a line at a time, and says what it has done.</summary>
internal static class StoreWorker
{
    public const string Word = "store-worker";

    public static async Task<int> RunAsync(string folder)
    {
        using var store = new VoiceMessageStore(folder, Stores.Fast);
        using var told = new SemaphoreSlim(0);
        store.Changed += (_, _) => told.Release();
        Console.WriteLine("ready");
        while (Console.ReadLine() is { } line)
        {
            switch (line.Split(' '))
            {
                case ["work", var rounds]:
                    await WorkAsync(store, int.Parse(rounds, CultureInfo.InvariantCulture));
                    Console.WriteLine("done");
                    break;
                case ["list"]:
                    Console.WriteLine(string.Join(' ', await Stores.IdsAsync(store)));
                    break;
                case ["add"]:
                    Console.WriteLine((await store.AddAsync(Stores.Message(1))).Id);
                    break;
                case ["wait-for", var id]:
                    while (await store.GetAsync(id) is null)
                        await told.WaitAsync();
                    Console.WriteLine("seen");
                    break;
            }
        }

        return 0;
    }

    // Both processes change what the other one has added, too.
    private static async Task WorkAsync(VoiceMessageStore store, int rounds)
    {
        var random = new Random(Environment.ProcessId);
        for (var i = 0; i < rounds; i++)
        {
            Say('+', (await store.AddAsync(Stores.Message(i, 5), new() { Direction = (VoiceMessageDirection)(i % 2) })).Id);
            var page = await store.ListAsync(new() { Limit = 10 }).ToListAsync();
            var any = page[random.Next(page.Count)].Id;
            await store.MarkPlayedAsync(any, random.Next(2) == 0);
            if (i % 3 == 0 && await store.ForwardAsync(any) is { } forwarded)
                Say('+', forwarded.Id);
            if (i % 4 == 0 && await store.DeleteAsync(any))
                Say('-', any);
        }
    }

    private static void Say(char word, string id) => Console.WriteLine($"{word}{id}");
}
