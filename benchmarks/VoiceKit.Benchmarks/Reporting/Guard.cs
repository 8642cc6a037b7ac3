using static System.FormattableString;

namespace VoiceKit.Benchmarks.Reporting;

/// <summary>Holds the hot paths against their budgets.</summary>
internal static class Guard
{
    private const int Attempts = 3;

    private static readonly TimeSpan Time = TimeSpan.FromSeconds(5);

    /// <summary>Prints what each takes and may take.</summary>
    /// <returns>0 when all is within its budget, otherwise 1.</returns>
    public static int Run(string budgetsPath)
    {
        var budgets = Budgets.Read(budgetsPath);
        using var comparisons = new Comparisons();
        var over = 0;
        Console.WriteLine("| work | baseline | ratio | budget | bytes a turn | budget | |");
        Console.WriteLine("| --- | --- | ---: | ---: | ---: | ---: | --- |");
        foreach (var budget in budgets.HotPaths)
        {
            var comparison = comparisons.All.FirstOrDefault(one => one.Work == budget.Work && one.Against == budget.Against)
                ?? throw new InvalidDataException($"There is no comparison {budget.Work} / {budget.Against}.");
            var ratio = Ratio(comparison, budget.Ratio);
            var bytes = Turns.Allocated(comparison);
            var isOver = ratio > budget.Ratio || bytes > budget.AllocatedBytes;
            over += isOver ? 1 : 0;
            var figures = Invariant($"{ratio:F3} | {budget.Ratio:F2} | {bytes} | {budget.AllocatedBytes}");
            Console.WriteLine($"| {budget.Work} | {budget.Against} | {figures} | {(isOver ? "OVER" : "")} |");
        }

        Console.WriteLine(over == 0 ? "== all within their budgets" : $"== {over} over their budgets");
        return over == 0 ? 0 : 1;
    }

    // A turn that nothing interrupts comes sooner or later: what is over its budget is given more of them.
    private static double Ratio(Comparison comparison, double budget)
    {
        var (bestBaseline, bestOurs) = (double.MaxValue, double.MaxValue);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var (baseline, ours) = Turns.Run(comparison, Time);
            bestBaseline = Math.Min(bestBaseline, baseline.Quickest);
            bestOurs = Math.Min(bestOurs, ours.Quickest);
            if (bestOurs <= budget * bestBaseline)
                break;
        }

        return bestOurs / bestBaseline;
    }
}
