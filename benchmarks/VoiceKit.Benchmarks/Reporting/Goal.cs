using static System.FormattableString;

namespace VoiceKit.Benchmarks.Reporting;

/// <summary>How one is to come out.</summary>
/// <param name="Ours">Whose goal it is.</param>
/// <param name="Against">Whom it is compared with; null where the goal is a figure of its own.</param>
/// <param name="Value">
/// At least so many times as fast, or at most so many milliseconds; of memory at most so many times as much, or so many MiB.
/// </param>
internal sealed record Goal(string Ours, string? Against, double Value)
{
    /// <summary>Whether it is of the peak memory, and not of the time.</summary>
    public bool IsOfMemory { get; init; }

    private string Unit => Against is not null ? IsOfMemory ? "× the memory" : "×" : IsOfMemory ? "MiB" : "ms";

    private bool IsAtMost => Against is null || IsOfMemory;

    /// <summary>What is to be reached.</summary>
    public string Target => Invariant($"{(IsAtMost ? '≤' : '≥')} {Value:#,0.##} {Unit}");

    /// <summary>What was reached, with its unit.</summary>
    public string Describe(double reached) =>
        Against is null && reached >= 10 ? Invariant($"{reached:N0} {Unit}")
        : Against is null ? Invariant($"{reached:F1} {Unit}")
        : Invariant($"{reached:F2} {Unit}");

    public bool IsMetBy(double reached) => IsAtMost ? reached <= Value : reached >= Value;
}
