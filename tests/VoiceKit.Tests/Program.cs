using VoiceKit.Tests.Recording;
using VoiceKit.Tests.Storage;

namespace VoiceKit.Tests;

/// <summary>What this assembly does when a test starts it as a program.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args) => args switch
    {
        [RecordingChild.Word, var folder] => RecordingChild.RunAsync(folder),
        [StoreChild.Word, var folder] => StoreChild.RunAsync(folder),
        [StoreWorker.Word, var folder] => StoreWorker.RunAsync(folder),
        _ => Task.FromResult(2),
    };
}
