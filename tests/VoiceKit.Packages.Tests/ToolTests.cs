using System.Runtime.InteropServices;
using System.Text.Json;
using System.Xml.Linq;
using VoiceKit.Tests.Support;

namespace VoiceKit.Packages.Tests;

/// <summary>The tool voicekit, from its packages: native code for this system, and the portable one for all others.</summary>
[Collection("packages")]
public class ToolTests(PackedFixture packed)
{
    /// <summary>The package that people name.</summary>
    internal const string Tool = "VoiceKit.Cli";

    /// <summary>The package of native code.</summary>
    internal static readonly string NativeTool = $"{Tool}.{RuntimeInformation.RuntimeIdentifier}";

    /// <summary>Whether eng/pack compiles the tool to native code on this machine.</summary>
    internal static bool IsCompiledHere =>
        OperatingSystem.IsLinux() && (Requires.IsProgram("clang") || Requires.IsProgram("gcc"));

    [Fact]
    public void The_package_that_people_name_lists_one_for_this_system_and_one_for_all_others()
    {
        using var package = Open(Tool);
        var settings = XDocument.Parse(package.Text("tools/any/any/DotnetToolSettings.xml"));
        Assert.Equal("voicekit", (string?)settings.Descendants("Command").Single().Attribute("Name"));
        var listed = settings.Descendants("RuntimeIdentifierPackage").ToDictionary(
            each => (string)each.Attribute("RuntimeIdentifier")!, each => (string)each.Attribute("Id")!);
        var expected = new Dictionary<string, string> { ["any"] = $"{Tool}.any" };
        if (IsCompiledHere)
            expected.Add(RuntimeInformation.RuntimeIdentifier, NativeTool);
        Assert.Equal(expected, listed);
        Assert.Single(package.Names, name => name.StartsWith("tools/", StringComparison.Ordinal));
    }

    /// <summary>It needs no .NET: only the one who installs it does.</summary>
    [Fact]
    public void Installed_it_is_native_code_that_runs_where_there_is_no_dotnet()
    {
        SkipUnlessCompiledHere();
        var folder = packed.NewFolder("tool");
        File.WriteAllText(Path.Combine(folder, "nuget.config"), $"""
            <configuration>
              <packageSources><clear /><add key="packed" value="{packed.Folder}" /></packageSources>
              <config><add key="globalPackagesFolder" value="{folder}/cache" /></config>
            </configuration>
            """);
        PackedFixture.Run(folder, "dotnet", "tool", "install", Tool, "--version", PackedFixture.Version, "--tool-path", folder);
        var (wav, opus) = (Path.Combine(folder, "tone.wav"), Path.Combine(folder, "tone.opus"));
        Oracle.Run("sox", "-n", "-r", "48000", wav, "synth", "0.5", "sine", "440", "vol", "0.4");

        // The loader tells on stderr what it opens.
        var voicekit = Path.Combine(folder, "voicekit");
        var loaded = RunAlone("LD_DEBUG=files", voicekit, "encode", wav, opus).Error.Split('\n');
        Assert.Empty(Oracle.Warnings(opus));
        using var info = JsonDocument.Parse(RunAlone(voicekit, "info", opus, "--json").Output);
        Assert.Equal(0.5, info.RootElement.GetProperty("duration_seconds").GetDouble());
        Assert.StartsWith(PackedFixture.Version, RunAlone(voicekit, "--version").Output);
        var library = Assert.Single(loaded, line => line.Contains("calling init:") && line.Contains("/libopus.so"));
        Assert.Contains(folder, library);
        Assert.DoesNotContain(loaded, line => line.Contains("libcoreclr") || line.Contains("libhostfxr"));
    }

    [Fact]
    public void The_package_of_native_code_has_the_program_and_libopus_and_nothing_else()
    {
        SkipUnlessCompiledHere();
        using var package = Open(NativeTool);
        Assert.Equal(
            ["DotnetToolSettings.xml", "libopus.copyright.txt", "libopus.so.0", "voicekit"],
            package.Names.Where(name => name.StartsWith("tools/", StringComparison.Ordinal)).Select(Path.GetFileName).Order());
    }

    /// <summary>Where there is no package of native code for a system, the portable one is installed.</summary>
    [Fact]
    public void The_portable_one_runs_and_brings_libopus_for_all()
    {
        var folder = packed.NewFolder("portable");
        using var package = Open($"{Tool}.any");
        const string Prefix = "tools/net10.0/any/";
        Assert.Contains($"{Prefix}runtimes/linux-x64/native/libopus.so.0", package.Names);
        Assert.Contains($"{Prefix}runtimes/win-x64/native/opus.dll", package.Names);
        Assert.DoesNotContain($"{Prefix}voicekit", package.Names);
        foreach (var name in package.Names.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            var path = Path.Combine(folder, name[Prefix.Length..]);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, package.Bytes(name));
        }

        var command = XDocument.Load(Path.Combine(folder, "DotnetToolSettings.xml")).Descendants("Command").Single();
        Assert.Equal(("voicekit", "dotnet"), ((string?)command.Attribute("Name"), (string?)command.Attribute("Runner")));
        var said = PackedFixture.Run(folder, "dotnet", (string)command.Attribute("EntryPoint")!, "--version");
        Assert.StartsWith(PackedFixture.Version, said);
    }

    private static void SkipUnlessCompiledHere() =>
        Assert.SkipUnless(IsCompiledHere, "This needs Linux and clang or gcc, which link native code.");

    // Nothing of this machine's .NET is found.
    private static (string Output, string Error) RunAlone(params string[] command) =>
        Oracle.Run("env", ["-i", "PATH=/nowhere", "DOTNET_ROOT=/nowhere", .. command]);

    private Package Open(string id) => new(Path.Combine(packed.Folder, $"{id}.{PackedFixture.Version}.nupkg"));
}
