namespace VoiceKit.WebChat.Tests.Support;

/// <summary>Files of the source tree.</summary>
internal static class Repository
{
    public static string PathOf(string name)
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "VoiceKit.sln")))
            root = Path.GetDirectoryName(root)!;
        return Path.Combine(root, name);
    }

    /// <summary>A recording by a browser, kept with the tests of the library.</summary>
    public static byte[] Recording(string name) => File.ReadAllBytes(PathOf($"tests/VoiceKit.Tests/Fixtures/{name}"));
}
