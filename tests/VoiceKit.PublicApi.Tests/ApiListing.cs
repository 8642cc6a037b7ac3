using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace VoiceKit.PublicApi.Tests;

/// <summary>The public and protected members of an assembly, one a line, as C# declares them.</summary>
internal static class ApiListing
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var types in assembly.GetExportedTypes().GroupBy(type => type.Namespace).OrderBy(
            types => types.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"namespace {types.Key}\n\n");
            foreach (var type in types.OrderBy(type => type.FullName, StringComparer.Ordinal))
                text.Append(OfType(type)).Append('\n');
        }

        return text.ToString();
    }

    public static string OfType(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
            return $"public delegate {ApiSyntax.Method(type.GetMethod("Invoke")!, ApiSyntax.NestedName(type))}\n";
        var text = new StringBuilder($"{ApiSyntax.Declaration(type)}\n");
        var members = type.IsEnum ? EnumMembers(type) : Members(type);
        foreach (var member in members)
            text.Append(CultureInfo.InvariantCulture, $"    {member}\n");
        return text.ToString();
    }

    private static IEnumerable<string> EnumMembers(Type type) => type.GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => $"{field.Name} = {Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture)}");

    // Constructors come first: their name begins with a dot.
    private static IEnumerable<string> Members(Type type) => type.GetMembers(Declared)
        .Where(member => !member.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false))
        .Select(member => (member.Name, Text: Describe(member)))
        .Where(member => member.Text is not null)
        .OrderBy(member => member.Name, StringComparer.Ordinal).ThenBy(member => member.Text, StringComparer.Ordinal)
        .Select(member => member.Text!);

    private static string? Describe(MemberInfo member) => member switch
    {
        FieldInfo field when ApiSyntax.IsVisible(field.Attributes) => ApiSyntax.Field(field),
        ConstructorInfo constructor when IsShown(constructor) => ApiSyntax.Constructor(constructor),
        PropertyInfo property when property.GetAccessors(nonPublic: true).Any(IsShown) => ApiSyntax.Property(property),
        EventInfo { AddMethod: { } add } @event when IsShown(add) => ApiSyntax.Event(@event),
        MethodInfo method when IsShown(method) && !IsAccessor(method) =>
            ApiSyntax.Modifiers(method) + ApiSyntax.Method(method, method.Name),
        _ => null,
    };

    // A finalizer is nobody's to call.
    private static bool IsShown(MethodBase method) => ApiSyntax.IsVisible(method.Attributes) && method.Name != "Finalize";

    private static bool IsAccessor(MethodInfo method) =>
        method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal);
}
