namespace VoiceKit.Tests.Support;

/// <summary>What a long run has measured, for whoever asked for it.</summary>
internal static class Figures
{
    private static readonly Lock Gate = new();

    /// <summary>Adds a line to the file that VOICEKIT_FIGURES names, if it names one.</summary>
    public static void Tell(string line)
    {
        if (Environment.GetEnvironmentVariable("VOICEKIT_FIGURES") is not { Length: > 0 } path)
            return;
        lock (Gate)
            File.AppendAllText(path, line + "\n");
    }
}
