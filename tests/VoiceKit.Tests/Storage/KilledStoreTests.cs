using System.Diagnostics;
using System.Reflection;
using VoiceKit.Storage;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Storage;

public class KilledStoreTests
{
    private const int Kills = 100;
    private const int AtATime = 5;
    private static readonly string[] Works = ["add", "delete", "forward", "backup", "restore"];

    [Fact]
    public async Task Whenever_the_process_is_killed_what_it_acknowledged_is_there_and_whole()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(20261121);
        var moments = Enumerable.Range(0, Kills).Select(_ => (Lines: random.Next(1, 10), Spins: random.Next(0, 200_000))).ToArray();
        await Parallel.ForAsync(0, Kills, new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (i, _) =>
        {
            var path = folder[$"store{i}"];
            await CheckAsync(path, await KillAsync(path, Works[i % Works.Length], moments[i].Lines, moments[i].Spins));
            if (File.Exists(path + ".zip"))
                await CheckBackupAsync(path);
        });
    }

    // After some lines, which come when something was done, and a little while, in which the next thing is on its way.
    private static async Task<List<string>> KillAsync(string folder, string work, int lines, int spins)
    {
        var program = Assembly.GetExecutingAssembly().Location;
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", program, StoreChild.Word, folder, work])
        {
            RedirectStandardOutput = true,
        })!;
        var said = new List<string>();
        while (said.Count < lines)
            said.Add((await process.StandardOutput.ReadLineAsync())!);
        Thread.SpinWait(spins);
        process.Kill();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            said.Add(line);
        await process.WaitForExitAsync();
        Assert.Equal(128 + 9, process.ExitCode);
        return said;
    }

    private static async Task CheckAsync(string folder, List<string> said)
    {
        using var store = new VoiceMessageStore(folder, Stores.Fast);
        var listed = (await Stores.IdsAsync(store)).ToHashSet();
        Assert.DoesNotContain(await store.VerifyAsync(), fault => fault.Kind != VoiceStoreFaultKind.Missing);

        // The last word on each: what was being deleted may be there or not.
        var last = said.Where(line => line.Length > 20).GroupBy(line => line[1..]).ToDictionary(lines => lines.Key, lines => lines.Last()[0]);
        foreach (var (id, word) in last.Where(pair => pair.Value != '?'))
            Assert.Equal(word == '+', listed.Contains(id));
        Assert.InRange(listed.Count, last.Count(pair => pair.Value == '+'), last.Count + 2);
    }

    private static async Task CheckBackupAsync(string folder)
    {
        using var store = new VoiceMessageStore(folder, Stores.Fast);
        using var zip = new FileStream(folder + ".zip", FileMode.Open);
        Assert.Empty((await store.BackupAsync(zip)).Faults);
        using var other = new VoiceMessageStore(folder + ".restored", Stores.Fast);
        Assert.Empty((await other.RestoreAsync(zip)).Faults);
        Assert.Equal(await Stores.IdsAsync(store), await Stores.IdsAsync(other));
    }
}
