namespace VoiceKit.Benchmarks.Reporting;

/// <summary>A work within a process, beside the least that it can take or the plainest way to do it.</summary>
/// <param name="Work">What is done.</param>
/// <param name="Against">What the baseline is.</param>
/// <param name="Seconds">How much audio a turn works on; null where that says nothing.</param>
/// <param name="Baseline">A turn of the baseline; the first prepares it.</param>
/// <param name="Ours">A turn of VoiceKit.</param>
internal sealed record Comparison(string Work, string Against, double? Seconds, Action Baseline, Action Ours)
{
    /// <summary>How many times as fast as the baseline this is to be; null for no target.</summary>
    public double? Target { get; init; }

    public string Name => $"{Work} / {Against}";
}
