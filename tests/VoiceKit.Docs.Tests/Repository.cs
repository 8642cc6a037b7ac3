namespace VoiceKit.Docs.Tests;

/// <summary>The files that are written for people.</summary>
internal static class Repository
{
    public static string Root => SourceTree.Root;

    /// <summary>Every page of docs/, and the README.</summary>
    public static IEnumerable<string> Pages => Directory.GetFiles(Path.Combine(Root, "docs"), "*.md")
        .Select(path => "docs/" + Path.GetFileName(path))
        .Order(StringComparer.Ordinal)
        .Append("README.md");

    public static string Read(params ReadOnlySpan<string> path) => File.ReadAllText(Path.Combine([Root, .. path]));
}
