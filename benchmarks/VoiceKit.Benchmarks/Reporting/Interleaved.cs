using static System.FormattableString;

namespace VoiceKit.Benchmarks.Reporting;

/// <summary>Prints how the comparisons within a process come out, as a table of Markdown.</summary>
internal static class Interleaved
{
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(25);

    /// <summary>Compares all, or only what has one of the words in its own name or its baseline's.</summary>
    public static void Run(string[] words)
    {
        using var comparisons = new Comparisons();
        Console.WriteLine("| work | baseline | × real time | ratio of the quickest | ratio of the medians |");
        Console.WriteLine("| --- | --- | ---: | ---: | ---: |");
        foreach (var comparison in comparisons.Named(words))
        {
            var (baseline, ours) = Turns.Run(comparison, Time);
            var ratios = Invariant($"{ours.Quickest / baseline.Quickest:F2} | {ours.Median / baseline.Median:F2}");
            Console.WriteLine(Invariant(
                $"| {comparison.Work} | {comparison.Against} | {comparison.Seconds / ours.Median:N0} | {ratios} |"));
        }
    }
}
