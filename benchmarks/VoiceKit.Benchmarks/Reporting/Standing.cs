namespace VoiceKit.Benchmarks.Reporting;

/// <summary>How one came out.</summary>
internal sealed record Standing(Contender Contender, Spread Wall, double Cpu, double? PeakMegabytes)
{
    public static Standing Of(Contender contender, IReadOnlyList<Cost> costs) => new(
        contender,
        Spread.Of(costs.Select(cost => cost.Wall)),
        Spread.Of(costs.Select(cost => cost.Cpu)).Median,
        costs.Max(cost => cost.PeakMegabytes));
}
