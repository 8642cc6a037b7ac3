using System.Text;

namespace VoiceKit.Docs.Tests;

/// <summary>What a reader has who pastes the blocks of a page one behind the other into a new project.</summary>
/// <param name="blocks">The blocks.</param>
/// <param name="isWeb">Whether the project is one of ASP.NET Core.</param>
internal sealed class PageProgram(PageBlock[] blocks, bool isWeb)
{
    // What ImplicitUsings brings, and what it brings more with Microsoft.NET.Sdk.Web.
    private static readonly string[] OfConsole =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading",
        "System.Threading.Tasks",
    ];

    private static readonly string[] OfWeb =
    [
        "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Http",
        "Microsoft.AspNetCore.Routing", "Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection",
        "Microsoft.Extensions.Hosting",
        "Microsoft.Extensions.Logging", "System.Net.Http.Json",
    ];

    /// <summary>
    /// The programs of a page: up to each of its blocks, since a block has what it needs in itself or before it. A block of the
    /// README is a program by itself.
    /// </summary>
    public static IEnumerable<PageProgram> AllOf(string page)
    {
        var blocks = PageBlock.AllOf(page);
        return page == "README.md"
            ? blocks.Select(block => new PageProgram([block], isWeb: false))
            : UpToEach(blocks, isWeb: page == "docs/aspnet.md");
    }

    /// <summary>The programs that some blocks make, up to each of them.</summary>
    public static IEnumerable<PageProgram> UpToEach(PageBlock[] blocks, bool isWeb) =>
        blocks.Select((_, index) => new PageProgram(blocks[..(index + 1)], isWeb));

    /// <summary>Its source, in a namespace of its own so that many are compiled together.</summary>
    public string ToSource(string name)
    {
        var source = new StringBuilder($"namespace {name};\n");
        foreach (var implied in isWeb ? [.. OfConsole, .. OfWeb] : OfConsole)
            source.Append($"using {implied};\n");
        AppendUsings(source);
        source.Append("internal static class Program\n{\npublic static async Task RunAsync(string[] args)\n{\n");
        foreach (var block in blocks.Where(block => !block.IsType))
            AppendCode(source, block);
        source.Append("#line default\n}\n}\n");
        foreach (var block in blocks.Where(block => block.IsType))
            AppendCode(source, block);
        return source.ToString();
    }

    private void AppendUsings(StringBuilder source)
    {
        var known = new HashSet<string>();
        foreach (var block in blocks)
        {
            for (var i = 0; i < block.Lines.Length; i++)
            {
                if (PageBlock.IsUsing(block.Lines[i]) && known.Add(block.Lines[i]))
                    source.Append($"#line {block.Line + i} \"{block.Name}\"\n{block.Lines[i]}\n");
            }
        }

        source.Append("#line default\n");
    }

    // Lines stay where they are, so that the compiler names those of the page.
    private static void AppendCode(StringBuilder source, PageBlock block)
    {
        source.Append($"#line {block.Line} \"{block.Name}\"\n");
        foreach (var line in block.Lines)
            source.Append(PageBlock.IsUsing(line) ? "" : line).Append('\n');
    }
}
