namespace VoiceKit.Benchmarks.Reporting;

/// <summary>The same work by several programs, by turns.</summary>
/// <param name="Title">The work.</param>
/// <param name="File">The name of its chart.</param>
/// <param name="Seconds">How much audio each turn works on; null where that says nothing.</param>
/// <param name="Turns">How often each runs.</param>
internal sealed record Race(string Title, string File, double? Seconds, int Turns)
{
    public required IReadOnlyList<Contender> Contenders { get; init; }

    public IReadOnlyList<Goal> Goals { get; init; } = [];

    /// <summary>
    /// Has each run once in every round; every other round backwards, since a program is slower behind a large one.
    /// </summary>
    public RaceResult Run()
    {
        var costs = Contenders.ToDictionary(contender => contender.Name, _ => new List<Cost>());
        for (var turn = 0; turn < Turns; turn++)
        {
            foreach (var contender in turn % 2 == 0 ? Contenders : Contenders.Reverse())
                costs[contender.Name].Add(contender.Run(turn));
        }

        return new RaceResult(this, [.. Contenders.Select(contender => Standing.Of(contender, costs[contender.Name]))]);
    }
}
