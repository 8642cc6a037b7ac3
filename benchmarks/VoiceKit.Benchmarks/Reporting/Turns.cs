using System.Diagnostics;

namespace VoiceKit.Benchmarks.Reporting;

/// <summary>
/// Runs two methods by turns, a few milliseconds each. On a machine whose speed drifts from one minute to the next this shows
/// ratios that runs one after the other cannot.
/// </summary>
internal static class Turns
{
    private const int Fewest = 5;

    /// <summary>Runs both for so long, and at least five turns of each.</summary>
    public static (Spread Baseline, Spread Ours) Run(Comparison comparison, TimeSpan time)
    {
        // The first calls prepare what the methods work on.
        comparison.Baseline();
        comparison.Ours();

        var baseline = new List<double>();
        var ours = new List<double>();
        var start = Stopwatch.GetTimestamp();
        while (ours.Count < Fewest || Stopwatch.GetElapsedTime(start) < time)
        {
            baseline.Add(Measure(comparison.Baseline));
            ours.Add(Measure(comparison.Ours));
        }

        // The first turns are those of code that is not yet optimised.
        baseline.RemoveRange(0, baseline.Count / 5);
        ours.RemoveRange(0, ours.Count / 5);
        return (Spread.Of(baseline), Spread.Of(ours));
    }

    /// <summary>
    /// The fewest bytes that our method allocates on all threads: its own, without what the runtime adds at times.
    /// </summary>
    public static long Allocated(Comparison comparison)
    {
        var fewest = long.MaxValue;
        for (var turn = 0; turn < Fewest; turn++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            comparison.Ours();
            fewest = Math.Min(fewest, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        return fewest;
    }

    private static double Measure(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
