namespace VoiceKit.Packages.Tests;

/// <summary>The app in Consumer, built where nothing of the repository is seen.</summary>
public sealed class ConsumerFixture
{
    private string? _folder;

    public static string Source { get; } = Path.Combine(PackedFixture.Root, "tests", "VoiceKit.Packages.Tests", "Consumer");

    /// <summary>The program and its arguments: of the app as it was built, or trimmed.</summary>
    public (string Program, string[] Arguments) Program(PackedFixture packed, string kind)
    {
        var folder = _folder ??= Build(packed);
        return kind switch
        {
            "trimmed" => (Path.Combine(folder, "bin/trimmed/Consumer"), []),
            _ => ("dotnet", [Path.Combine(folder, "bin/Release/net10.0/Consumer.dll")]),
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
            folder, "dotnet", ["publish", "--no-restore", "--use-current-runtime", "-o", "bin/trimmed", .. common]);
        return folder;
    }
}
