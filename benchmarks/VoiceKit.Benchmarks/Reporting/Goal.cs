namespace VoiceKit.Benchmarks.Reporting;

/// <summary>How one is to come out.</summary>
/// <param name="Ours">Whose goal it is.</param>
/// <param name="Against">How many times as fast as whom; null where the goal is a time.</param>
/// <param name="Value">At least so many times as fast, or at most so many milliseconds.</param>
internal sealed record Goal(string Ours, string? Against, double Value);
