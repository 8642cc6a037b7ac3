namespace VoiceKit.WebChat.Tests.Support;

/// <summary>Files that are kept with the tests of the library.</summary>
internal static class Fixtures
{
    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name);

    /// <summary>A recording by a browser.</summary>
    public static byte[] Recording(string name) => File.ReadAllBytes(PathOf(name));
}
