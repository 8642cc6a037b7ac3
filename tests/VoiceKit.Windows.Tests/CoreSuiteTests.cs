using System.Xml.Linq;
using VoiceKit.Windows.Tests.Support;

namespace VoiceKit.Windows.Tests;

/// <summary>
/// The library's own tests of what has to do with the system, on Windows: all that need no tool of Unix, but for those that
/// compute for minutes what is the same everywhere.
/// </summary>
[Collection(Wine.Collection)]
public sealed class CoreSuiteTests(Wine wine) : IDisposable
{
    private const string Project = "VoiceKit.Tests";
    private const int Attempts = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private readonly string _folder = Directory.CreateTempSubdirectory("voicekit-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <param name="least">How many must pass at the least, so that none are left out unseen.</param>
    /// <param name="parts">The namespaces below VoiceKit.Tests, or "" for itself.</param>
    [Theory]
    [InlineData(35, "")]
    [InlineData(60, "Storage")]
    [InlineData(100, "Recording")]
    [InlineData(60, "Playback")]
    [InlineData(300, "Ogg")]
    [InlineData(350, "Caf", "Containers", "Editing", "Importing", "Mp4", "WebM")]
    public async Task They_pass_on_Windows(int least, params string[] parts)
    {
        string[] filters =
        [
            .. parts.SelectMany(part => new[] { "-namespace", $"{Project}.{part}".TrimEnd('.') }),
            "-class-", "*PropertyTests", "-class-", "*MutationTests",
        ];
        var tests = await RunAsync(filters);
        var passed = tests.Count(test => ResultOf(test) == "Pass");
        var failed = Failed(tests);

        // Wine 8 loses a thread now and then: what fails on Windows fails again.
        for (var attempt = 2; attempt <= Attempts && failed.Count > 0; attempt++)
        {
            tests = await RunAsync([.. failed.Select(NameOf).Distinct().SelectMany(name => new[] { "-method", name })]);
            Assert.NotEmpty(tests);
            failed = Failed(tests);
        }

        var told = failed.Select(test => $"{test.Attribute("name")?.Value}: {test.Value.Trim()}");
        Assert.True(failed.Count == 0, string.Join("\n\n", told));
        Assert.True(passed >= least, $"{passed} tests have passed.");
    }

    private static List<XElement> Failed(List<XElement> tests) => tests.FindAll(test => ResultOf(test) == "Fail");

    private static string NameOf(XElement test) => $"{test.Attribute("type")?.Value}.{test.Attribute("method")?.Value}";

    // Wine 8 sometimes tells .NET that a thread that has ended cannot be suspended, and .NET ends the program.
    private async Task<List<XElement>> RunAsync(string[] filters)
    {
        for (var attempt = 1; ; attempt++)
        {
            var results = Path.Combine(_folder, $"{Guid.NewGuid()}.xml");
            string[] arguments = ["-noLogo", "-noColor", "-reporter", "quiet", .. filters, "-result-xml", Wine.PathOf(results)];
            using var program = wine.Run(null, $"{Project}.exe", arguments);
            await program.EndsAsync(Patience, isOver: () => IsBroken(program));
            if (File.Exists(results))
                return [.. XDocument.Load(results).Descendants("test")];
            Assert.True(attempt < Attempts && IsBroken(program), $"{program.Output}\n{program.Error}");
        }
    }

    private static bool IsBroken(WineProgram program) =>
        program.Error.Contains("Internal CLR error", StringComparison.Ordinal)
        || program.Error.Contains("SuspendThread failed", StringComparison.Ordinal);

    private static string? ResultOf(XElement test) => test.Attribute("result")?.Value;
}
