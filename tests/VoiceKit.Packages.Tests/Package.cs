using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace VoiceKit.Packages.Tests;

/// <summary>A package, opened.</summary>
internal sealed class Package : IDisposable
{
    private readonly ZipArchive _zip;

    public Package(string path)
    {
        _zip = ZipFile.OpenRead(path);
        Names = [.. _zip.Entries.Select(entry => entry.FullName)];
        var nuspec = XDocument.Parse(Text(Names.Single(name => name.EndsWith(".nuspec", StringComparison.Ordinal))));
        Metadata = nuspec.Root!.Elements().Single(element => element.Name.LocalName == "metadata");
    }

    /// <summary>The files in it.</summary>
    public IReadOnlyList<string> Names { get; }

    public XElement Metadata { get; }

    public string Id => Value("id")!;

    /// <summary>What it says of itself, or null.</summary>
    public string? Value(string name) => Child(name)?.Value;

    public XElement? Child(string name) => Metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name);

    /// <summary>The dependencies: framework, package and version.</summary>
    public IEnumerable<(string Framework, string Id, string Version)> Dependencies =>
        from dependency in Metadata.Descendants()
        where dependency.Name.LocalName == "dependency"
        select ((string?)dependency.Parent!.Attribute("targetFramework") ?? "", (string)dependency.Attribute("id")!,
            (string)dependency.Attribute("version")!);

    public byte[] Bytes(string name)
    {
        using var stream = (_zip.GetEntry(name) ?? throw new FileNotFoundException($"{name} is not in the package.")).Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    public string Text(string name) => new StreamReader(new MemoryStream(Bytes(name))).ReadToEnd();

    public PEReader Assembly(string name) => new(new MemoryStream(Bytes(name)));

    public MetadataReaderProvider Symbols(string name) =>
        MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(Bytes(name)));

    public void Dispose() => _zip.Dispose();
}
