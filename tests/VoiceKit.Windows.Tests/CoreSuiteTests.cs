using System.Xml.Linq;
using VoiceKit.Windows.Tests.Support;

namespace VoiceKit.Windows.Tests;

/// <summary>The library's own tests, on Windows: all that need no tool of Unix and measure no time.</summary>
[Collection(Wine.Collection)]
public sealed class CoreSuiteTests(Wine wine) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("voicekit-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task They_pass_on_Windows()
    {
        var results = Path.Combine(_folder, "results.xml");
        using var program = wine.Run(
            null, "VoiceKit.Tests.exe", "-noLogo", "-noColor", "-reporter", "quiet", "-trait-", "Needs=Unix", "-result-xml", Wine.PathOf(results));
        await program.EndsAsync();
        Assert.True(File.Exists(results), $"{program.Output}\n{program.Error}");
        var tests = XDocument.Load(results).Descendants("test").ToList();
        var failed = tests.Where(test => (string?)test.Attribute("result") == "Fail").Select(test => (string?)test.Attribute("name"));
        Assert.Empty(failed);
        Assert.True(tests.Count > 500, $"{tests.Count} tests were run.");
    }
}
