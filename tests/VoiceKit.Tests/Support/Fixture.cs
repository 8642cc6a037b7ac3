namespace VoiceKit.Tests.Support;

/// <summary>Small files that are kept in the folder Fixtures.</summary>
internal static class Fixture
{
    public static byte[] Load(string name)
    {
        var root = AppContext.BaseDirectory;
        while (root is not null && !File.Exists(Path.Combine(root, "VoiceKit.sln")))
            root = Path.GetDirectoryName(root);
        return File.ReadAllBytes(Path.Combine(root ?? "", "tests", "VoiceKit.Tests", "Fixtures", name));
    }
}
