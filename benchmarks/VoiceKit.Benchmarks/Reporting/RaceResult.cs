namespace VoiceKit.Benchmarks.Reporting;

/// <summary>How all came out.</summary>
internal sealed record RaceResult(Race Race, IReadOnlyList<Standing> Standings)
{
    public Standing this[string name] => Standings.First(standing => standing.Contender.Name == name);

    /// <summary>What a goal's figure is, as the goal says. Of the medians.</summary>
    public double Reached(Goal goal) => (goal.IsOfMemory, goal.Against) switch
    {
        (false, null) => this[goal.Ours].Wall.Median * 1000,
        (false, { } other) => this[other].Wall.Median / this[goal.Ours].Wall.Median,
        (true, null) => Memory(goal.Ours),
        (true, { } other) => Memory(goal.Ours) / Memory(other),
    };

    public bool IsMet(Goal goal) => goal.IsMetBy(Reached(goal));

    private double Memory(string name) =>
        this[name].PeakMegabytes ?? throw new InvalidOperationException($"The memory of {name} was not measured.");
}
