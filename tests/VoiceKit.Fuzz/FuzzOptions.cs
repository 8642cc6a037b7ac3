using System.Globalization;

namespace VoiceKit.Fuzz;

/// <summary>How long to fuzz, as the environment says.</summary>
internal static class FuzzOptions
{
    /// <summary>VOICEKIT_FUZZ_RUNS: how many inputs a target gets; null for its default.</summary>
    public static int? Runs { get; } = ReadNumber("VOICEKIT_FUZZ_RUNS");

    /// <summary>VOICEKIT_FUZZ_SEED: chooses other inputs; 1 when it is not set.</summary>
    public static int Seed { get; } = ReadNumber("VOICEKIT_FUZZ_SEED") ?? 1;

    /// <summary>VOICEKIT_FUZZ_SECONDS: ends each target's runs early; no test asserts on it.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(ReadNumber("VOICEKIT_FUZZ_SECONDS") ?? int.MaxValue / 1000);

    /// <summary>VOICEKIT_FUZZ_FILE: the one input to run, in place of mutations.</summary>
    public static string? File { get; } = Environment.GetEnvironmentVariable("VOICEKIT_FUZZ_FILE");

    /// <summary>VOICEKIT_FUZZ_SAVE: the folder that failing inputs go to.</summary>
    public static string? SaveFolder { get; } = Environment.GetEnvironmentVariable("VOICEKIT_FUZZ_SAVE");

    /// <summary>VOICEKIT_FUZZ_SIZE: the size of the smaller hostile input, in bytes; half a MiB when it is not set.</summary>
    public static int HostileSize { get; } = ReadNumber("VOICEKIT_FUZZ_SIZE") ?? 1 << 19;

    /// <summary>Adds a line to the file that VOICEKIT_FUZZ_FIGURES names, if it names one.</summary>
    public static void Tell(string line)
    {
        if (Environment.GetEnvironmentVariable("VOICEKIT_FUZZ_FIGURES") is not { Length: > 0 } path)
            return;
        lock (Gate)
            System.IO.File.AppendAllText(path, line + "\n");
    }

    private static Lock Gate { get; } = new();

    private static int? ReadNumber(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
