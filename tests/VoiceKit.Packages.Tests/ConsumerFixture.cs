namespace VoiceKit.Packages.Tests;

/// <summary>The app in Consumer, built where nothing of the repository is seen.</summary>
public sealed class ConsumerFixture
{
    private string? _folder;

    public static string Source { get; } = Path.Combine(PackedFixture.Root, "tests", "VoiceKit.Packages.Tests", "Consumer");

    /// <summary>The program and its arguments: of the app for .NET 8, for .NET 10, or for .NET 10 and trimmed.</summary>
    public (string Program, string[] Arguments) Program(PackedFixture packed, string kind)
    {
        var folder = _folder ??= Build(packed);
        return kind switch
        {
            "net8.0" => (Find(folder, "bin/Release/net8.0/*/Consumer"), []),
            "net10.0" => ("dotnet", [Find(folder, "bin/Release/net10.0/Consumer.dll")]),
            _ => (Find(folder, "bin/trimmed/Consumer"), []),
        };
    }

    private static string Build(PackedFixture packed)
    {
        var folder = packed.NewFolder("consumer");
        foreach (var file in Directory.GetFiles(Source))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        string[] common =
        [
            "-c", "Release", "--nologo", "-v", "quiet", $"-p:VoiceKitVersion={PackedFixture.Version}",
            $"-p:RestoreAdditionalProjectSources={packed.Folder}", $"-p:RestorePackagesPath={packed.NewFolder("cache")}",
        ];
        PackedFixture.Run(folder, "dotnet", ["build", .. common]);
        PackedFixture.Run(
            folder, "dotnet", ["publish", "--no-restore", "-f", "net10.0", "--use-current-runtime", "-o", "bin/trimmed", .. common]);
        return folder;
    }

    // One folder of the pattern may be a star.
    private static string Find(string folder, string pattern)
    {
        var parts = pattern.Split("/*/");
        return parts.Length == 1
            ? Path.Combine(folder, pattern)
            : Path.Combine(Directory.GetDirectories(Path.Combine(folder, parts[0])).Single(), parts[1]);
    }
}
