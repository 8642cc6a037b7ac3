// Leaves in the XML documentation of assemblies what is about their public types: an app's editor shows the rest to nobody.
// dotnet run eng/public-docs.cs -- FOLDER… where each folder holds NAME.dll and NAME.xml, NAME being the name of the folder above
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

foreach (var folder in args)
{
    var name = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(folder)))!;
    var assembly = Path.Combine(folder, name + ".dll");
    var documentation = Path.Combine(folder, name + ".xml");
    if (!File.Exists(assembly) || !File.Exists(documentation))
        continue;
    var types = PublicTypesOf(assembly);
    var document = XDocument.Load(documentation);
    var foreign =
        document.Descendants("member").Where(member => !types.Contains(TypeOf(member.Attribute("name")!.Value))).ToList();
    if (foreign.Count == 0)
        continue;
    foreign.ForEach(member => member.Remove());
    var written = documentation + ".new";
    document.Save(written);
    File.Move(written, documentation, overwrite: true);
}

// Nested ones have the name of the outer one, a dot and their own, as in the documentation.
static HashSet<string> PublicTypesOf(string path)
{
    using var file = new PEReader(File.OpenRead(path));
    var reader = file.GetMetadataReader();
    var names = new HashSet<string>(StringComparer.Ordinal);
    foreach (var handle in reader.TypeDefinitions)
    {
        if (NameOf(reader, handle) is { } name)
            names.Add(name);
    }

    return names;
}

static string? NameOf(MetadataReader reader, TypeDefinitionHandle handle)
{
    var type = reader.GetTypeDefinition(handle);
    var name = reader.GetString(type.Name);
    switch (type.Attributes & TypeAttributes.VisibilityMask)
    {
        case TypeAttributes.Public:
            var space = reader.GetString(type.Namespace);
            return space.Length == 0 ? name : $"{space}.{name}";
        case TypeAttributes.NestedPublic or TypeAttributes.NestedFamily or TypeAttributes.NestedFamORAssem:
            return NameOf(reader, type.GetDeclaringType()) is { } outer ? $"{outer}.{name}" : null;
        default:
            return null;
    }
}

// "T:A.B" is of A.B, "M:A.B.C(D.E)" too.
static string TypeOf(string id)
{
    var name = id[2..];
    if (id[0] is 'T' or 'N')
        return name;
    var end = name.IndexOf('(', StringComparison.Ordinal);
    name = end < 0 ? name : name[..end];
    return name[..Math.Max(name.LastIndexOf('.'), 0)];
}
