using System.Text;
using static System.FormattableString;

namespace VoiceKit.Benchmarks.Reporting;

/// <summary>The page of all results, and its charts.</summary>
/// <param name="folder">Where the page goes; the charts go to a folder beside it.</param>
/// <param name="notes">What else is to be said of the run.</param>
internal sealed class ResultsPage(string folder, IReadOnlyList<string> notes)
{
    public const string FileName = "RESULTS.md";

    private const string Charts = "results";

    private readonly List<RaceResult> _races = [];
    private readonly List<(Comparison Comparison, Spread Baseline, Spread Ours)> _comparisons = [];

    public void Add(RaceResult result) => _races.Add(result);

    public void Add(Comparison comparison, Spread baseline, Spread ours) => _comparisons.Add((comparison, baseline, ours));

    public void Write()
    {
        Directory.CreateDirectory(Path.Combine(folder, Charts));
        var page = new StringBuilder("# Results\n\n");
        WriteMachine(page);
        WriteGoals(page);
        WriteRaces(page);
        WriteComparisons(page);
        page.Append(Allocations.Table());
        if (!_comparisons.Any(one => one.Comparison.Against == "Concentus.OggFile"))
            page.Append("\nLeft out, since the feed that this builds with has it not: Concentus.OggFile.\n");
        File.WriteAllText(Path.Combine(folder, FileName), page.ToString());
        WriteCharts();
    }

    public static string Describe(RaceResult result, Goal goal)
    {
        var against = goal.Against is null ? "" : $" / {goal.Against}";
        var outcome = result.IsMet(goal) ? "met" : "MISSED";
        return $"{goal.Ours}{against}: {goal.Describe(result.Reached(goal))}, {goal.Target}: {outcome}";
    }

    private void WriteMachine(StringBuilder page)
    {
        page.Append(
            """
            `eng/bench` writes this page. All who take part in a comparison run by turns, every other turn in the opposite
            order, so that a machine whose speed drifts treats them alike; figures are those of the median turn where nothing else
            is said. “Times as fast” is the time of the other over ours.

            | | |
            | --- | --- |

            """);
        foreach (var (name, value) in Machine.Describe())
            page.Append($"| {name} | {value} |\n");
        foreach (var note in notes)
            page.Append($"| note | {note} |\n");
        page.Append('\n');
    }

    private void WriteGoals(StringBuilder page)
    {
        page.Append("## Targets\n\n| work | ours | against | reached | target | |\n| --- | --- | --- | ---: | ---: | --- |\n");
        foreach (var result in _races)
        {
            foreach (var goal in result.Race.Goals)
            {
                var (reached, target) = (goal.Describe(result.Reached(goal)), goal.Target);
                var outcome = Outcome(result.IsMet(goal));
                page.Append($"| {result.Race.Title} | {goal.Ours} | {goal.Against ?? ""} | {reached} | {target} | {outcome} |\n");
            }
        }

        page.Append('\n');
    }

    private void WriteRaces(StringBuilder page)
    {
        page.Append("## Whole programs\n\n");
        foreach (var result in _races)
        {
            page.Append($"### {Capitalised(result.Race.Title)}\n\n![{result.Race.Title}]({Charts}/{result.Race.File}.svg)\n\n");
            page.Append("| | wall time, ms | quickest, ms | CPU time, ms | peak memory, MiB | × real time |\n");
            page.Append("| --- | ---: | ---: | ---: | ---: | ---: |\n");
            foreach (var standing in result.Standings)
            {
                var times = string.Join(
                    " | ", new[] { standing.Wall.Median, standing.Wall.Quickest, standing.Cpu }.Select(Milliseconds));
                var rest = Invariant($"{standing.PeakMegabytes:N0} | {result.Race.Seconds / standing.Wall.Median:N0}");
                page.Append($"| {standing.Contender.Name} | {times} | {rest} |\n");
            }

            page.Append('\n');
        }
    }

    private void WriteComparisons(StringBuilder page)
    {
        page.Append($"## Within a process\n\n![against the plain loop]({Charts}/loops.svg)\n\n");
        page.Append("| work | baseline | × real time | times as fast, quickest turns | medians | target | |\n");
        page.Append("| --- | --- | ---: | ---: | ---: | ---: | --- |\n");
        foreach (var (comparison, baseline, ours) in _comparisons)
        {
            var reached = baseline.Median / ours.Median;
            var target = comparison.Target is { } value ? Invariant($"≥ {value:F1}") : "";
            var outcome = comparison.Target is { } least ? Outcome(reached >= least) : "";
            var figures = Invariant(
                $"{comparison.Seconds / ours.Median:N0} | {baseline.Quickest / ours.Quickest:F2} | {reached:F2}");
            page.Append($"| {comparison.Work} | {comparison.Against} | {figures} | {target} | {outcome} |\n");
        }

        page.Append('\n');
    }

    private void WriteCharts()
    {
        foreach (var result in _races)
        {
            var bars = result.Race.Seconds is { } seconds
                ? result.Standings.Select(one => Bar(one.Contender, seconds / one.Wall.Median, "×"))
                : result.Standings.Select(one => Bar(one.Contender, one.Wall.Median * 1000, "ms"));
            var unit = result.Race.Seconds is null ? "milliseconds; shorter is better" : "times real time; longer is better";
            WriteChart(result.Race.File, new BarChart($"{Capitalised(result.Race.Title)}: {unit}", [.. bars]));
        }

        var loops = _comparisons.Where(one => one.Comparison.Target is not null).Select(one => new BarChart.Bar(
            one.Comparison.Work,
            one.Baseline.Median / one.Ours.Median,
            Invariant($"{one.Baseline.Median / one.Ours.Median:F1} ×"),
            IsOurs: true));
        WriteChart("loops", new BarChart("Times as fast as the plain loop; longer is better", [.. loops]));
    }

    private void WriteChart(string name, BarChart chart) =>
        File.WriteAllText(Path.Combine(folder, Charts, name + ".svg"), chart.ToSvg());

    private static BarChart.Bar Bar(Contender contender, double value, string unit) =>
        new(contender.Name, value, Invariant($"{value:N0} {unit}"), contender.IsOurs);

    private static string Milliseconds(double seconds) =>
        seconds is > 0 and < 0.01 ? Invariant($"{seconds * 1000:F1}") : Invariant($"{seconds * 1000:N0}");

    private static string Outcome(bool isMet) => isMet ? "met" : "**missed**";

    private static string Capitalised(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
