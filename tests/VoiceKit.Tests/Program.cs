using VoiceKit.Tests.Recording;

namespace VoiceKit.Tests;

/// <summary>What this assembly does when a test starts it as a program.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args) => args is [RecordingChild.Word, var folder]
        ? RecordingChild.RunAsync(folder)
        : Task.FromResult(2);
}
