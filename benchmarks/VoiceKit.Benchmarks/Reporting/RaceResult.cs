namespace VoiceKit.Benchmarks.Reporting;

/// <summary>How all came out.</summary>
internal sealed record RaceResult(Race Race, IReadOnlyList<Standing> Standings)
{
    public Standing this[string name] => Standings.First(standing => standing.Contender.Name == name);

    /// <summary>What a goal's figure is: how many times as fast, or milliseconds. Of the medians.</summary>
    public double Reached(Goal goal) => goal.Against is null
        ? this[goal.Ours].Wall.Median * 1000
        : this[goal.Against].Wall.Median / this[goal.Ours].Wall.Median;

    public bool IsMet(Goal goal) => goal.Against is null ? Reached(goal) <= goal.Value : Reached(goal) >= goal.Value;
}
