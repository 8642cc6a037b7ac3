namespace VoiceKit.Docs.Tests;

/// <summary>The files that are written for people.</summary>
internal static class Repository
{
    public static string Root => SourceTree.Root;

    public static string Read(params ReadOnlySpan<string> path) => File.ReadAllText(Path.Combine([Root, .. path]));
}
