using static System.FormattableString;

namespace VoiceKit.Benchmarks.Reporting;

/// <summary>Runs every comparison, prints how it came out, and writes the page and its charts.</summary>
internal static class Report
{
    private const string QuickOption = "--quick";

    /// <summary>Runs all.</summary>
    /// <param name="program">The program voicekit.</param>
    /// <param name="work">A folder for the material, and for what is made of it.</param>
    /// <param name="results">A folder for <c>RESULTS.md</c> and the charts in <c>results</c>.</param>
    /// <param name="rest"><c>--quick</c> for short turns; everything else is a note for the page.</param>
    /// <returns>0: what misses its target is on the page and is no failure.</returns>
    public static int Run(string program, string work, string results, string[] rest)
    {
        var isQuick = rest.Contains(QuickOption);
        var scale = isQuick ? Scale.Quick : Scale.Full;
        var material = new Material(Path.Combine(work, isQuick ? "quick" : "material"), scale);
        var page = new ResultsPage(results, [.. rest.Except([QuickOption])]);

        Console.WriteLine("== making the material");
        var output = Path.Combine(work, "output");
        foreach (var race in new Races(program, material, scale, output).All())
        {
            Console.WriteLine($"== {race.Title}");
            Tell(race.Run(), page);
        }

        Console.WriteLine("== within a process: times as fast as the baseline, medians");
        using var comparisons = new Comparisons();
        // A store of 100,000 messages takes a while to make.
        foreach (var comparison in comparisons.All.Where(
            one => !isQuick || !one.Work.StartsWith("store", StringComparison.Ordinal)))
        {
            var (baseline, ours) = Turns.Run(comparison, scale.Time);
            page.Add(comparison, baseline, ours);
            Console.WriteLine(Invariant($"   {comparison.Name}: {baseline.Median / ours.Median:F2}"));
        }

        // Last, since a file system is slower for a while where so many files were deleted.
        Console.WriteLine(Invariant($"== filling a store with {scale.Messages:N0} messages"));
        Tell(StoreRace.Run(output, scale.Messages), page);

        page.Write();
        Console.WriteLine($"== written {Path.Combine(results, ResultsPage.FileName)}");
        return 0;
    }

    private static void Tell(RaceResult result, ResultsPage page)
    {
        page.Add(result);
        foreach (var standing in result.Standings)
        {
            Console.WriteLine(Invariant(
                $"   {standing.Contender.Name}: {standing.Wall.Median * 1000:N0} ms, CPU time {standing.Cpu * 1000:N0} ms"));
        }

        foreach (var goal in result.Race.Goals)
            Console.WriteLine($"   {ResultsPage.Describe(result, goal)}");
    }
}
