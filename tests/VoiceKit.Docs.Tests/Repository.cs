namespace VoiceKit.Docs.Tests;

/// <summary>The files that are written for people.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string Read(params ReadOnlySpan<string> path) => File.ReadAllText(Path.Combine([Root, .. path]));

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "VoiceKit.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
