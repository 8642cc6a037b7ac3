using System.Diagnostics;
using VoiceKit.Storage;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Storage;

public class TwoProcessesTests
{
    [Fact]
    public async Task Two_processes_on_one_folder_lose_nothing_and_hear_of_each_other()
    {
        using var folder = new TemporaryFolder();
        using var first = Child.Start(StoreWorker.Word, folder.Path);
        using var second = Child.Start(StoreWorker.Word, folder.Path);
        Process[] both = [first, second];
        foreach (var process in both)
            Assert.Equal("ready", await process.StandardOutput.ReadLineAsync());

        var said = await Task.WhenAll(both.Select(process => WorkAsync(process, rounds: 40)));
        var all = said.SelectMany(lines => lines).ToArray();
        var added = all.Where(line => line[0] == '+').Select(line => line[1..]).ToHashSet();
        var deleted = all.Where(line => line[0] == '-').Select(line => line[1..]).ToList();
        Assert.Equal(all.Length, added.Count + deleted.Distinct().Count());
        added.ExceptWith(deleted);
        foreach (var process in both)
            Assert.Equal(added.Order(), (await AskAsync(process, "list")).Split(' ').Order());

        using var third = new VoiceMessageStore(folder.Path, Stores.Fast);
        Assert.Empty(await third.VerifyAsync());
        Assert.Equal(added.Count, Directory.GetFiles(folder.Path, "PTT-*.opus", SearchOption.AllDirectories).Length);

        // Each looks again only when it is told of a change.
        var waiting = both.Select(process => AskAsync(process, "wait-for own-1")).ToArray();
        await third.AddAsync(Stores.Message(3), new() { Id = "own-1" });
        Assert.Equal(["seen", "seen"], await Task.WhenAll(waiting));
        foreach (var (listener, adder) in new[] { (first, second), (second, first) })
            Assert.Equal("seen", await AskAsync(listener, $"wait-for {await AskAsync(adder, "add")}"));
        foreach (var process in both)
        {
            process.StandardInput.Close();
            await process.WaitForEndAsync();
            Assert.Equal(0, process.ExitCode);
        }
    }

    private static async Task<List<string>> WorkAsync(Process process, int rounds)
    {
        var said = new List<string>();
        await process.StandardInput.WriteLineAsync($"work {rounds}");
        while (await process.StandardOutput.ReadLineAsync() is { } line && line != "done")
            said.Add(line);
        Assert.True(said.Count >= rounds);
        return said;
    }

    private static async Task<string> AskAsync(Process process, string question)
    {
        await process.StandardInput.WriteLineAsync(question);
        return (await process.StandardOutput.ReadLineAsync())!;
    }
}
