using System.Diagnostics;
using VoiceKit.Storage;
using static System.FormattableString;

namespace VoiceKit.Benchmarks.Reporting;

/// <summary>
/// What is measured of a store with many messages. Each work has a process of its own, so that its memory can be told apart.
/// </summary>
internal sealed class StoreWork(string folder)
{
    public const string Option = "--store";

    private const int Page = 50;
    private const int Turns = 30;
    private const int SecondsBetweenMessages = 30;

    private static readonly DateTimeOffset Start = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly VoiceMessageQuery Newest = new() { Limit = Page };

    private readonly VoiceMessageStore _store =
        new(folder, new VoiceMessageStoreOptions { Durability = VoiceStoreDurability.ProcessEnd });

    /// <summary>Does one work in a process of its own.</summary>
    /// <param name="name">The work; see <see cref="Run"/>.</param>
    /// <param name="folder">The store.</param>
    /// <param name="messages">How many messages it has, or is to have.</param>
    public static Cost Measure(string name, string folder, int messages)
    {
        var (cost, output) = Programs.Tell(Environment.ProcessPath!, [Option, name, folder, Invariant($"{messages}")]);
        var seconds = Array.ConvertAll(output.Split(), Programs.ParseNumber);
        return cost with { Wall = seconds[0], Cpu = seconds[1] };
    }

    /// <summary>The work itself: says in seconds how long it took, by the clock and of all cores.</summary>
    public static int Run(string name, string folder, int messages)
    {
        var work = new StoreWork(folder);
        Action run = name switch
        {
            "fill" => () => work.Fill(messages),
            "list" => work.List,
            "index" => work.MakeIndex,
            "verify" => work.Verify,
            "back-up" => work.BackUp,
            _ => throw new ArgumentException($"There is no work {name}.", nameof(name)),
        };
        var turns = name == "list" ? Turns : 1;
        if (turns > 1)
            run(); // Its code is compiled meanwhile.
        var cpu = Environment.CpuUsage.TotalTime;
        var walls = new double[turns];
        for (var turn = 0; turn < turns; turn++)
        {
            var start = Stopwatch.GetTimestamp();
            run();
            walls[turn] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        cpu = Environment.CpuUsage.TotalTime - cpu;
        Console.Write(Invariant($"{Spread.Of(walls).Median} {cpu.TotalSeconds / turns}"));
        return 0;
    }

    private void Fill(int messages)
    {
        var message = VoiceMessage.FromBytes(Speech.MakeFile(1));
        for (var i = 0; i < messages; i++)
        {
            var info = new VoiceMessageInfo
            {
                Direction = i % 3 == 0 ? VoiceMessageDirection.Sent : VoiceMessageDirection.Received,
                Sender = $"{i % 1000}",
                Time = Start.AddSeconds(i * SecondsBetweenMessages),
            };
            _store.AddAsync(message, info).GetAwaiter().GetResult();
        }
    }

    private void List()
    {
        var count = _store.ListAsync(Newest).ToListAsync().AsTask().GetAwaiter().GetResult().Count;
        if (count != Page)
            throw new InvalidOperationException($"{count} messages were listed, and not {Page}.");
    }

    private void MakeIndex()
    {
        File.Delete(Path.Combine(folder, ".voicekit", "index"));
        List();
    }

    private void Verify()
    {
        var faults = _store.VerifyAsync().GetAwaiter().GetResult();
        if (faults.Count > 0)
            throw new InvalidOperationException($"{faults.Count} messages are said to be broken.");
    }

    private void BackUp()
    {
        var path = folder + ".zip";
        using (var zip = File.Create(path))
            _store.BackupAsync(zip).GetAwaiter().GetResult();
        File.Delete(path);
    }
}
