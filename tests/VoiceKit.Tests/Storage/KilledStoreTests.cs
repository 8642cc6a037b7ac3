using VoiceKit.Storage;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Storage;

public class KilledStoreTests
{
    private const int AtATime = 2;

    // Each cuts off five works on five stores: 100 in all. VOICEKIT_KILLS asks for more.
    private static readonly int Kills = int.TryParse(Environment.GetEnvironmentVariable("VOICEKIT_KILLS"), out var asked)
        ? asked
        : 20;

    [Fact]
    public async Task Whenever_the_process_is_killed_what_it_acknowledged_is_there_and_whole()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(20261121);
        var moments = Enumerable.Range(0, Kills).Select(
            _ => (Lines: random.Next(0, 40), Spins: random.Next(0, 200_000))).ToArray();
        var acknowledged = 0;
        await Parallel.ForAsync(0, Kills, new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (i, _) =>
        {
            var path = folder[$"{i}"];
            var said = await KillAsync(path, moments[i].Lines, moments[i].Spins);
            Interlocked.Add(ref acknowledged, said.Count);
            foreach (var work in StoreChild.Works)
            {
                await CheckAsync(Path.Combine(path, work), [.. said.Where(words => words[0] == work).Select(words => words[1])]);
                if (work is "backup" or "restore")
                    await CheckBackupAsync(Path.Combine(path, work));
            }

            Directory.Delete(path, recursive: true);
        });
        Figures.Tell(
            $"store: {Kills} kills of {StoreChild.Works.Count} works each, {acknowledged} acknowledged changes, none lost");
    }

    [Fact]
    public async Task A_message_that_was_acknowledged_and_is_gone_or_half_would_be_noticed()
    {
        using var folder = new TemporaryFolder();
        using var store = new VoiceMessageStore(folder.Path, Stores.Fast);
        var first = await store.AddAsync(Stores.Message(1));
        var second = await store.AddAsync(Stores.Message(2));
        List<string> said = [$"+{first.Id}", $"+{second.Id}"];
        await CheckAsync(folder.Path, said);
        await Assert.ThrowsAnyAsync<Exception>(() => CheckAsync(folder.Path, [.. said, $"-{first.Id}"]));
        var bytes = File.ReadAllBytes(second.Path);
        File.WriteAllBytes(second.Path, bytes[..(bytes.Length - 50)]);
        await Assert.ThrowsAnyAsync<Exception>(() => CheckAsync(folder.Path, said));
        File.Delete(second.Path);
        await Assert.ThrowsAnyAsync<Exception>(() => CheckAsync(folder.Path, said));
    }

    // Once all are at work: after some lines, which come when something was done, and a little while, in which the next thing is
    // on its way.
    private static async Task<List<string[]>> KillAsync(string folder, int lines, int spins)
    {
        using var process = Child.Start(StoreChild.Word, folder);
        var said = new List<string[]>();
        while (said.Select(words => words[0]).Distinct().Count() < StoreChild.Works.Count || lines-- > 0)
            said.Add((await process.StandardOutput.ReadLineAsync())!.Split(' '));
        Thread.SpinWait(spins);
        process.Kill();

        // The last line may be cut off.
        var rest = await process.StandardOutput.ReadToEndAsync();
        said.AddRange(rest.Split(Environment.NewLine)[..^1].Select(line => line.Split(' ')));
        await process.WaitForEndAsync();
        Assert.Equal(Child.KilledCode, process.ExitCode);
        return said;
    }

    private static async Task CheckAsync(string folder, List<string> said)
    {
        using var store = new VoiceMessageStore(folder, Stores.Fast);
        var listed = (await Stores.IdsAsync(store)).ToHashSet();
        Assert.DoesNotContain(await store.VerifyAsync(), fault => fault.Kind != VoiceStoreFaultKind.Missing);

        // The last word on each: what was being deleted may be there or not.
        var last = said.GroupBy(line => line[1..]).ToDictionary(lines => lines.Key, lines => lines.Last()[0]);
        foreach (var (id, word) in last.Where(pair => pair.Value != '?'))
            Assert.Equal(word == '+', listed.Contains(id));
        Assert.InRange(listed.Count, last.Count(pair => pair.Value == '+'), last.Count + 2);
    }

    private static async Task CheckBackupAsync(string folder)
    {
        using var store = new VoiceMessageStore(folder, Stores.Fast);
        using var zip = new FileStream(folder + ".zip", FileMode.OpenOrCreate);
        Assert.Empty((await store.BackupAsync(zip)).Faults);
        using var other = new VoiceMessageStore(folder + ".restored", Stores.Fast);
        Assert.Empty((await other.RestoreAsync(zip)).Faults);
        Assert.Equal(await Stores.IdsAsync(store), await Stores.IdsAsync(other));
    }
}
