namespace VoiceKit.Benchmarks.Reporting;

/// <summary>One who takes part.</summary>
internal sealed record Contender(string Name, Func<int, Cost> Run)
{
    /// <summary>Whether it is VoiceKit.</summary>
    public bool IsOurs { get; init; }

    public static Contender Program(string name, string program, params string[] arguments) =>
        new(name, _ => Programs.Run(program, arguments));
}
