namespace VoiceKit.Tests.Support;

/// <summary>Files of the source tree. Where the tests run without it, those that need it are skipped.</summary>
internal static class SourceTree
{
    private static readonly string? Found = Find();

    /// <summary>The folder of the solution.</summary>
    public static string Root
    {
        get
        {
            if (Found is null)
                Assert.Skip("This needs the source tree.");
            return Found!;
        }
    }

    /// <summary>The path of a file or folder of the tree.</summary>
    public static string PathOf(string name) => Path.Combine(Root, name);

    private static string? Find()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "VoiceKit.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder;
    }
}
