namespace VoiceKit.Benchmarks.Reporting;

/// <summary>How long the material is, and how often each program runs.</summary>
/// <param name="SpeechSeconds">What is encoded and decoded.</param>
/// <param name="BarsMinutes">What is drawn.</param>
/// <param name="LongMinutes">A file that is long to look at.</param>
/// <param name="Recordings">How many recordings of 10 s are different.</param>
/// <param name="RecordingsPerTurn">How many of them a turn takes.</param>
/// <param name="LongTurns">The turns of what takes seconds.</param>
/// <param name="BatchTurns">The turns of the recordings.</param>
/// <param name="ShortTurns">The turns of what takes less than a second.</param>
/// <param name="Messages">How many messages the largest store has.</param>
/// <param name="Time">For each comparison within the process.</param>
internal sealed record Scale(
    int SpeechSeconds,
    int BarsMinutes,
    int LongMinutes,
    int Recordings,
    int RecordingsPerTurn,
    int LongTurns,
    int BatchTurns,
    int ShortTurns,
    int Messages,
    TimeSpan Time)
{
    public static Scale Full { get; } = new(600, 60, 600, 100, 50, 4, 10, 40, 1_000_000, TimeSpan.FromSeconds(6));

    /// <summary>Shows that everything runs; its figures say little.</summary>
    public static Scale Quick { get; } = new(60, 6, 60, 10, 10, 2, 2, 5, 10_000, TimeSpan.FromSeconds(0.5));
}
