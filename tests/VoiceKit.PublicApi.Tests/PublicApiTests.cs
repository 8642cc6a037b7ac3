using System.Reflection;

namespace VoiceKit.PublicApi.Tests;

/// <summary>
/// What each package shows to apps is what its <c>PublicApi.txt</c> says; <c>eng/api</c> writes these files anew.
/// </summary>
public class PublicApiTests
{
    private const string Prefix = "VoiceKit";

    // What is referenced lies beside this assembly.
    private static readonly Assembly[] Packages =
    [
        .. Directory.GetFiles(AppContext.BaseDirectory, $"{Prefix}*.dll").Where(path => Directory.Exists(SourceOf(path))).Order()
            .Select(Assembly.LoadFrom),
    ];

    public static TheoryData<string> Names => [.. Packages.Select(package => package.GetName().Name!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_public_members_are_those_of_the_baseline(string name)
    {
        var path = Path.Combine(SourceOf(name + ".dll"), "PublicApi.txt");
        var actual = ApiListing.Of(Package(name));
        if (Environment.GetEnvironmentVariable("VOICEKIT_WRITE_API") == "1")
            File.WriteAllText(path, actual);
        var (expected, now) = (File.ReadAllText(path).Split('\n'), actual.Split('\n'));
        Assert.True(
            expected.SequenceEqual(now),
            $"""
            The public members of {name} are others than {path} says; if that is meant, run eng/api.
            Gone:
            {string.Join('\n', expected.Except(now))}
            New:
            {string.Join('\n', now.Except(expected))}
            """);
    }

    /// <summary>But for those that the platform's own interfaces and base classes prescribe.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Every_asynchronous_method_takes_a_token(string name)
    {
        var methods = Package(name).GetExportedTypes().SelectMany(type => type.GetMethods(
            BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly));
        var deaf = methods.Where(method => IsAsynchronous(method.ReturnType) && !TakesToken(method) && !IsPrescribed(method));
        Assert.Empty(deaf.Select(method => $"{method.DeclaringType}.{method.Name}"));
    }

    [Fact]
    public void The_packages_are_found() => Assert.Contains("VoiceKit.Core", Packages.Select(package => package.GetName().Name));

    [Fact]
    public void A_member_more_or_less_makes_another_listing()
    {
        var listing = ApiListing.Of(typeof(VoiceMessage).Assembly);
        Assert.Contains("public sealed class VoiceMessage", listing, StringComparison.Ordinal);
        Assert.NotEqual(
            ApiListing.OfType(typeof(One)), ApiListing.OfType(typeof(Two)).Replace("Two", "One", StringComparison.Ordinal));
    }

    private static Assembly Package(string name) => Packages.Single(package => package.GetName().Name == name);

    private static bool IsAsynchronous(Type type) =>
        typeof(Task).IsAssignableFrom(type)
        || type == typeof(ValueTask)
        || (type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(ValueTask<>)
            || type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>)));

    private static bool TakesToken(MethodInfo method) =>
        method.GetParameters().Any(parameter => parameter.ParameterType == typeof(CancellationToken));

    private static bool IsPrescribed(MethodInfo method) =>
        method.Name == nameof(IAsyncDisposable.DisposeAsync) || method.GetBaseDefinition().DeclaringType != method.DeclaringType;

    private static string SourceOf(string path) => Path.Combine(SourceTree.Root, "src", Path.GetFileNameWithoutExtension(path));

    public sealed class One
    {
        public int Count { get; init; }
    }

    public sealed class Two
    {
        public int Count { get; }
    }
}
