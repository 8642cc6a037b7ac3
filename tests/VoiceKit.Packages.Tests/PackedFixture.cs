using System.Diagnostics;
using System.Xml.Linq;
using VoiceKit.Tests.Support;

namespace VoiceKit.Packages.Tests;

/// <summary>The packages of what is built, packed once for all tests.</summary>
public sealed class PackedFixture : IDisposable
{
    // A build on a busy machine.
    private static readonly TimeSpan MostTime = TimeSpan.FromMinutes(30);

    private static readonly string MachinesPackages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<string> _packages;

    public PackedFixture() => _packages = new Lazy<string>(Pack);

    /// <summary>The repository.</summary>
    public static string Root => SourceTree.Root;

    /// <summary>The version, from the one place where it stands.</summary>
    public static string Version { get; } =
        XDocument.Load(Path.Combine(Root, "Directory.Build.props")).Descendants("VersionPrefix").Single().Value;

    /// <summary>
    /// Where the packages are: those that are to be tested, or else those of what is built. Skips the test where they cannot be
    /// made.
    /// </summary>
    public string Folder => _packages.Value;

    /// <summary>
    /// How a stranger's project is built with these packages: into a cache that has none of ours. What others made is taken from
    /// the machine's own cache, where it is there.
    /// </summary>
    public string[] StrangersOptions =>
    [
        "-c", "Release", "--nologo", "-v", "quiet",
        $"-p:VoiceKitVersion={Version}", $"-p:RestorePackagesPath={NewFolder("cache")}",
        $"-p:RestoreAdditionalProjectSources={Folder}", $"-p:RestoreAdditionalProjectFallbackFolders={MachinesPackages}",
    ];

    /// <summary>A folder for something else, which is gone with the packages.</summary>
    public string NewFolder(string name) => Directory.CreateDirectory(_folder[name]).FullName;

    public void Dispose() => _folder.Dispose();

    private string Pack()
    {
        var folder = Environment.GetEnvironmentVariable("VOICEKIT_PACKAGES") ?? _folder["packages"];
        if (Directory.Exists(folder))
            return folder;
        Requires.Posix();
        if (!File.Exists(Path.Combine(Root, "artifacts", "native", "versions.txt")))
            Assert.Skip("This needs libopus built for all systems, which eng/native does.");
        Run(Root, Path.Combine(Root, "eng", "pack"), "--no-build", "--output", folder);
        return folder;
    }

    /// <summary>Runs a program in a folder; a failure fails the test with what it said.</summary>
    public static string Run(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
        };
        // What this process was told by those who started it is not for a build of its own.
        foreach (var name in start.Environment.Keys.Where(
            name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        start.Environment.Remove("EnableSourceControlManagerQueries");
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        var said = OtherProgram.Run(start, patience: MostTime);
        Assert.True(
            said.ExitCode == 0, $"{program} {string.Join(' ', arguments)} returned {said.ExitCode}:\n{said.Text}{said.Error}");
        return said.Text;
    }
}

/// <summary>The tests that share the packages, one after another.</summary>
[CollectionDefinition("packages")]
public sealed class PackedCollection : ICollectionFixture<PackedFixture>;
