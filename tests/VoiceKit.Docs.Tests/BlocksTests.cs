namespace VoiceKit.Docs.Tests;

/// <summary>Every block of code on a page of docs/ is code of a test.</summary>
public class BlocksTests
{
    /// <summary>Where the examples of the README run.</summary>
    private static readonly string[] ReadmeTests = ["tests/VoiceKit.All.Tests/ReadmeTests.cs"];

    public static TheoryData<string, int> Blocks
    {
        get
        {
            var blocks = new TheoryData<string, int>();
            foreach (var page in Repository.Pages)
            {
                for (var i = 0; i < PageBlock.AllOf(page).Length; i++)
                    blocks.Add(page, i);
            }

            return blocks;
        }
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public void A_block_is_code_of_the_pages_test(string page, int index)
    {
        var lines = Lines(string.Join("\n", PageBlock.AllOf(page)[index].Lines));
        var usings = lines.TakeWhile(PageBlock.IsUsing).ToArray();
        var code = lines[usings.Length..];
        Assert.NotEmpty(code);
        var test = TestsOf(page).Select(path => Lines(Repository.Read(path))).FirstOrDefault(test => IndexOf(test, code) >= 0);
        Assert.True(test is not null, $"Block {index + 1} of {page} is in no test:\n{string.Join('\n', code)}");

        if (page == "README.md")
            return; // Its tests are in the library's own namespace, and see themselves to their running.
        // A test sees the root namespace, which its own is part of.
        Assert.All(usings.Where(line => line != "using VoiceKit;"), line => Assert.Contains(line, test));
        if (!code[0].StartsWith("public sealed class", StringComparison.Ordinal))
            Assert.Equal("[Fact]", LineBeforeMethod(test[..IndexOf(test, code)]));
    }

    [Fact]
    public void Every_page_is_linked_from_the_readme_and_no_link_leads_nowhere()
    {
        var readme = Repository.Read("README.md");
        foreach (var page in Repository.Pages.Where(page => page != "README.md"))
        {
            Assert.Contains($"]({page})", readme, StringComparison.Ordinal);
            AssertLinks(page, Repository.Read(page));
        }

        AssertLinks("README.md", readme);
    }

    private static void AssertLinks(string page, string text)
    {
        foreach (var link in text.Split("](").Skip(1).Select(part => part.Split(')')[0]))
        {
            if (!link.Contains("://", StringComparison.Ordinal))
                Assert.True(Exists(page, link), $"{page} links to {link}, which is not there.");
        }
    }

    private static bool Exists(string page, string link) =>
        File.Exists(Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, link.Split('#')[0]));

    private static string[] TestsOf(string page)
    {
        if (page == "README.md")
            return ReadmeTests;
        var words = Path.GetFileNameWithoutExtension(page).Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]);
        return [$"tests/VoiceKit.Docs.Tests/Pages/{string.Concat(words)}Page.cs"];
    }

    private static string LineBeforeMethod(string[] lines) => lines[Array.FindLastIndex(
        lines, line => line.StartsWith("public async Task ", StringComparison.Ordinal)) - 1];

    // Whole lines: what is commented out is not found.
    private static string[] Lines(string text) =>
        [.. text.Split('\n').Select(WithSingleSpaces).Where(line => line.Length > 0)];

    private static string WithSingleSpaces(string line) =>
        string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static int IndexOf(string[] test, string[] code) => Enumerable.Range(0, Math.Max(0, test.Length - code.Length + 1))
        .FirstOrDefault(at => test.AsSpan(at, code.Length).SequenceEqual(code), -1);
}
