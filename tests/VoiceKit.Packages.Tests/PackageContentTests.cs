using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using VoiceKit.Tests.Support;

namespace VoiceKit.Packages.Tests;

/// <summary>What is inside each package.</summary>
[Collection("packages")]
public class PackageContentTests(PackedFixture packed)
{
    private const string Framework = "net10.0";
    private const string Native = "VoiceKit.LibOpus.Native";
    private const string Tool = ToolTests.Tool;

    // Of each package, those that it needs.
    private static readonly Dictionary<string, string[]> Needs = new()
    {
        ["VoiceKit"] =
        [
            "Concentus", "NAudio.Core", "NAudio.Wasapi", // Pinned for what it refers to.
            "VoiceKit.Concentus",
            "VoiceKit.Core",
            "VoiceKit.LibOpus",
            "VoiceKit.LibOpus.Native",
            "VoiceKit.NAudio",
            "VoiceKit.PulseAudio",
        ],
        ["VoiceKit.Core"] = [],
        ["VoiceKit.Conformance"] = ["VoiceKit.Core"],
        ["VoiceKit.LibOpus"] = ["VoiceKit.Core"],
        ["VoiceKit.Mail"] = ["VoiceKit.Core"],
        ["VoiceKit.PulseAudio"] = ["VoiceKit.Core"],
        ["VoiceKit.Rtp"] = ["VoiceKit.Core"],
        ["VoiceKit.Testing"] = ["VoiceKit.Core"],
        ["VoiceKit.FFmpeg"] = ["VoiceKit.Core"],
        ["VoiceKit.DependencyInjection"] =
        [
            "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Logging.Abstractions",
            "Microsoft.Extensions.Options.ConfigurationExtensions", "VoiceKit.Core",
        ],
        ["VoiceKit.Concentus"] = ["Concentus", "VoiceKit.Core"],
        ["VoiceKit.NAudio"] = ["NAudio.Core", "NAudio.Wasapi", "VoiceKit.Core"],
        [Native] = [],
        [Tool] = [],
        [$"{Tool}.any"] = [],
        [ToolTests.NativeTool] = [],
    };

    private IEnumerable<string> Paths => Directory.GetFiles(packed.Folder, "*.nupkg");

    [Fact]
    public void There_is_a_package_for_each_part()
    {
        var ids = Paths.Select(path => Path.GetFileName(path)[..^$".{PackedFixture.Version}.nupkg".Length]).ToHashSet();
        Assert.Equal(Needs.Keys.Where(id => id != ToolTests.NativeTool || ToolTests.IsCompiledHere).ToHashSet(), ids);
    }

    [Fact]
    public void Each_says_what_it_is_under_which_licence_and_shows_a_readme_and_the_icon()
    {
        foreach (var package in Open())
        {
            using var _ = package;
            Assert.Equal(PackedFixture.Version, package.Value("version"));
            Assert.Equal("expression", (string?)package.Child("license")!.Attribute("type"));
            Assert.Equal(package.Id == Native ? "MIT AND BSD-3-Clause" : "MIT", package.Value("license"));
            Assert.NotEmpty(package.Value("authors")!);
            Assert.NotEqual("Package Description", package.Value("description"));
            Assert.Equal("git", (string?)package.Child("repository")?.Attribute("type"));
            Assert.Equal("README.md", package.Value("readme"));
            Assert.Contains(IsTool(package) ? Tool : package.Id, package.Text("README.md"));
            Assert.All(LinksOf(package.Text("README.md")), link => Assert.StartsWith("https://", link, StringComparison.Ordinal));
            Assert.Equal("icon.png", package.Value("icon"));
            AssertIsIcon(package.Bytes("icon.png"));
        }
    }

    [Fact]
    public void Each_needs_what_it_must_and_nothing_else()
    {
        foreach (var package in Open())
        {
            using var _ = package;
            Assert.All(
                package.Dependencies.Where(needed => needed.Id.StartsWith("VoiceKit", StringComparison.Ordinal)),
                needed => Assert.Equal(PackedFixture.Version, needed.Version));
            var expected = Needs[package.Id].Select(id => (Framework, id));
            Assert.Equal(expected.Order(), package.Dependencies.Select(needed => (needed.Framework, needed.Id)).Order());
        }
    }

    [Fact]
    public void A_library_is_there_with_documentation_and_symbols_and_made_reproducibly()
    {
        foreach (var package in Open().Where(package => package.Id != Native && !IsTool(package)))
        {
            using var _ = package;
            using var symbols = new Package(Path.Combine(packed.Folder, $"{package.Id}.{PackedFixture.Version}.snupkg"));
            Assert.Equal(
                [$"lib/{Framework}/{package.Id}.dll", $"lib/{Framework}/{package.Id}.xml"],
                package.Names.Where(name => name.StartsWith("lib/", StringComparison.Ordinal)).Order());
            using var assembly = package.Assembly($"lib/{Framework}/{package.Id}.dll");
            AssertIsDocumented(assembly, package.Text($"lib/{Framework}/{package.Id}.xml"));
            AssertHasSymbols(assembly, symbols, $"lib/{Framework}/{package.Id}.pdb");
            Assert.Contains(assembly.ReadDebugDirectory(), entry => entry.Type == DebugDirectoryEntryType.Reproducible);
        }
    }

    [Fact]
    public void The_core_is_there_compiled_ahead_and_is_the_same()
    {
        using var package = Open("VoiceKit.Core");
        using var any = package.Assembly($"lib/{Framework}/VoiceKit.Core.dll");
        Assert.Equal(0, any.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size);
        var files = package.Names.Where(name => name.StartsWith("runtimes/", StringComparison.Ordinal)).ToList();
        Assert.Contains($"runtimes/linux-x64/lib/{Framework}/VoiceKit.Core.dll", files);
        Assert.All(files, file =>
        {
            using var ahead = package.Assembly(file);
            Assert.NotEqual(0, ahead.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size);
            Assert.Equal(IdOf(any), IdOf(ahead));
        });
    }

    [Fact]
    public void The_native_package_has_the_library_for_this_machine_and_a_licence_beside_each()
    {
        using var package = Open(Native);
        var files = package.Names.Where(name => name.StartsWith("runtimes/", StringComparison.Ordinal)).ToList();
        Assert.Contains("runtimes/linux-x64/native/libopus.so.0", files);
        foreach (var folder in files.GroupBy(file => file[..(file.LastIndexOf('/') + 1)]))
        {
            var library = folder.Key.StartsWith("runtimes/win", StringComparison.Ordinal) ? "opus.dll" : "libopus.so.0";
            Assert.Equal([folder.Key + "libopus.copyright.txt", folder.Key + library], folder.Order(StringComparer.Ordinal));
            Assert.Contains(
                "Redistribution and use in source and binary forms", package.Text(folder.Key + "libopus.copyright.txt"));
            var rid = folder.Key.Split('/')[1];
            var hash = Convert.ToHexStringLower(
                System.Security.Cryptography.SHA256.HashData(package.Bytes(folder.Key + library)));
            Assert.Contains(
                package.Text("versions.txt").Split('\n'),
                line => line.StartsWith(rid + " ", StringComparison.Ordinal) && line.EndsWith(hash, StringComparison.Ordinal));
        }

        Assert.DoesNotContain(package.Names, name => name.StartsWith("lib/", StringComparison.Ordinal));
    }

    [Fact]
    public void The_changelog_tells_of_the_version()
    {
        var changelog = File.ReadLines(Path.Combine(PackedFixture.Root, "CHANGELOG.md"));
        Assert.Contains(changelog, line => line.StartsWith($"## [{PackedFixture.Version}]", StringComparison.Ordinal));
    }

    // A compiler gives each assembly that it makes of other code another one (ECMA-335 §II.22.30).
    private static Guid IdOf(PEReader assembly)
    {
        var metadata = assembly.GetMetadataReader();
        return metadata.GetGuid(metadata.GetModuleDefinition().Mvid);
    }

    private static bool IsTool(Package package) => package.Id.StartsWith(Tool, StringComparison.Ordinal);

    private IEnumerable<Package> Open() => Paths.Select(path => new Package(path));

    private Package Open(string id) => new(Path.Combine(packed.Folder, $"{id}.{PackedFixture.Version}.nupkg"));

    // Where packages are shown there is no file beside their README.
    private static IEnumerable<string> LinksOf(string markdown) =>
        Regex.Matches(markdown, @"\]\(([^)]*)\)").Select(match => match.Groups[1].Value);

    // PNG, its header first (RFC 2083 §3.1, §4.1.1).
    private static void AssertIsIcon(byte[] png)
    {
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10], png[..8]);
        Assert.Equal(
            (128, 128),
            (BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20))));
    }

    private static void AssertIsDocumented(PEReader assembly, string documentation)
    {
        var documented = XDocument.Parse(documentation).Descendants("member").Select(
            member => (string)member.Attribute("name")!).ToHashSet();
        var reader = assembly.GetMetadataReader();
        var types = reader.TypeDefinitions.Select(reader.GetTypeDefinition)
            .Where(type => (type.Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public)
            .Select(type => $"T:{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}")
            .ToList();
        Assert.NotEmpty(types);
        Assert.Subset(documented, types.ToHashSet());

        // What is not public is told to nobody.
        Assert.All(documented, id => Assert.Contains(
            types, type => id[1..] == type[1..] || id[1..].StartsWith(type[1..] + ".", StringComparison.Ordinal)));
    }

    // An assembly and its symbols know each other by an id.
    private static void AssertHasSymbols(PEReader assembly, Package package, string pdb)
    {
        var entry = assembly.ReadDebugDirectory().Single(entry => entry.Type == DebugDirectoryEntryType.CodeView);
        using var symbols = package.Symbols(pdb);
        var id = new BlobContentId(symbols.GetMetadataReader().DebugMetadataHeader!.Id);
        Assert.Equal(assembly.ReadCodeViewDebugDirectoryData(entry).Guid, id.Guid);
        Assert.Equal(entry.Stamp, id.Stamp);
    }
}
