using System.Globalization;
using VoiceKit.Recording;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Recording;

public class KilledRecordingTests
{
    private const int AtATime = 5;

    // VOICEKIT_KILLS asks for more.
    private static readonly int Kills = int.TryParse(Environment.GetEnvironmentVariable("VOICEKIT_KILLS"), out var asked)
        ? asked
        : 100;

    private static readonly TimeSpan MostLost = TimeSpan.FromMilliseconds(500);

    // What was recorded before the first page is in the file.
    private static readonly TimeSpan FirstPage = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task Whenever_the_process_is_killed_the_draft_is_recovered_up_to_its_last_page()
    {
        SkipWithoutLibOpus.Check();
        using var folder = new TemporaryFolder();
        var random = new Random(20261121);
        var moments = Enumerable.Range(0, Kills).Select(
            _ => (Lines: random.Next(1, 200), Spins: random.Next(0, 200_000))).ToArray();
        var lengths = new TimeSpan[Kills];
        var losses = new TimeSpan[Kills];
        await Parallel.ForAsync(0, Kills, new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (i, _) =>
        {
            var drafts = folder[$"drafts{i}"];
            var said = await KilledChild.RunAsync(moments[i].Lines, moments[i].Spins, RecordingChild.Word, drafts);
            var last = TimeSpan.FromTicks(long.Parse(said[^1], CultureInfo.InvariantCulture));
            lengths[i] = await CheckAsync(drafts, last);
            losses[i] = last - lengths[i];
        });

        Figures.Tell(
            $"recorder: {Kills} kills, {lengths.Count(length => length > TimeSpan.Zero)} drafts with audio, "
            + $"at most {losses.Max().TotalMilliseconds:F0} ms lost, "
            + $"{losses.Average(loss => loss.TotalMilliseconds):F0} ms on average; "
            + $"the longest without audio had said {Longest(lengths, losses).TotalMilliseconds:F0} ms");

        // They were killed while they recorded, and not all at one moment.
        Assert.True(lengths.Distinct().Count() >= Math.Min(10, Kills / 10), string.Join(", ", lengths));
    }

    private static TimeSpan Longest(TimeSpan[] lengths, TimeSpan[] losses) =>
        losses.Where((_, i) => lengths[i] == TimeSpan.Zero).DefaultIfEmpty().Max();

    private static async Task<TimeSpan> CheckAsync(string folder, TimeSpan said)
    {
        var drafts = new VoiceDrafts(folder);
        var draft = Assert.Single(drafts.List());
        Assert.False(draft.IsInUse);
        if (said < FirstPage && Oracle.Warnings(draft.Path).Any(warning => warning.Contains("is empty")))
            return TimeSpan.Zero; // Killed before the first page.

        Assert.DoesNotContain(Oracle.Warnings(draft.Path), warning => !warning.Contains("EOS"));
        var path = folder + "-recovered.opus";
        var message = await drafts.RecoverToFileAsync(draft, path);
        Assert.Empty(Oracle.Warnings(path));
        Assert.InRange(said - message.Duration, TimeSpan.MinValue, MostLost);
        Assert.Empty(drafts.List());
        return message.Duration;
    }
}
