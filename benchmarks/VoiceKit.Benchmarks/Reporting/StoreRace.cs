using static System.FormattableString;

namespace VoiceKit.Benchmarks.Reporting;

/// <summary>A store of many messages, beside one of a tenth of them.</summary>
internal static class StoreRace
{
    private const int MostListMilliseconds = 2;
    private const int MostIndexMilliseconds = 10_000;

    // Ten times as many messages: the same memory, but for what the runtime's collector makes of it, which differs by a quarter.
    private const double MostTimesTheMemory = 1.5;

    /// <summary>Fills the stores, which takes minutes and gigabytes, and runs.</summary>
    /// <param name="folder">Where the stores are for as long as it takes.</param>
    /// <param name="messages">How many the larger one has.</param>
    public static RaceResult Run(string folder, int messages)
    {
        var (few, many) = (messages / 10, messages);
        try
        {
            foreach (var count in new[] { few, many })
            {
                Delete(Store(folder, count));
                StoreWork.Measure("fill", Store(folder, count), count);
            }

            // What the system has still to write would slow down what is measured.
            Programs.Run("sync", []);
            return Make(folder, few, many).Run();
        }
        finally
        {
            Delete(Store(folder, few));
            Delete(Store(folder, many));
        }
    }

    private static Race Make(string folder, int few, int many)
    {
        Contender One(string name, string work, int count) =>
            new(Name(name, count), _ => StoreWork.Measure(work, Store(folder, count), count)) { IsOurs = true };

        Goal Flat(string name) => new(Name(name, many), Name(name, few), MostTimesTheMemory) { IsOfMemory = true };

        return new Race(Invariant($"keep {many:N0} messages"), "store", null, Turns: 1)
        {
            Contenders =
            [
                One("make the index", "index", few), One("make the index", "index", many),
                One("list 50", "list", few), One("list 50", "list", many),
                One("verify", "verify", few), One("verify", "verify", many),
                One("back up", "back-up", few), One("back up", "back-up", many),
            ],
            Goals =
            [
                new(Name("list 50", many), null, MostListMilliseconds),
                new(Name("make the index", many), null, MostIndexMilliseconds * (many / 1e6)),
                Flat("make the index"), Flat("verify"), Flat("back up"),
            ],
        };
    }

    private static string Name(string work, int count) => Invariant($"{work}, {count:N0}");

    private static string Store(string folder, int count) => Path.Combine(folder, Invariant($"store-{count}"));

    private static void Delete(string store)
    {
        if (Directory.Exists(store))
            Directory.Delete(store, recursive: true);
        File.Delete(store + ".zip");
    }
}
