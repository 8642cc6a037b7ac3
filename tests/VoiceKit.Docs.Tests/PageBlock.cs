namespace VoiceKit.Docs.Tests;

/// <summary>A block of C# on a page.</summary>
/// <param name="Name">The page, and which block of it this is, from 1 on.</param>
/// <param name="Line">The line of the page on which its code begins, from 1 on.</param>
/// <param name="Lines">Its code.</param>
internal sealed record PageBlock(string Name, int Line, string[] Lines)
{
    private const string Start = "```csharp";
    private const string End = "```";

    /// <summary>Whether its code is a type, which stands behind a program's statements.</summary>
    public bool IsType =>
        Lines.First(line => line.Length > 0 && !IsUsing(line)).StartsWith("public ", StringComparison.Ordinal);

    /// <summary>The blocks of a page.</summary>
    public static PageBlock[] AllOf(string page) => AllOf(page, Repository.Read(page));

    /// <summary>The blocks of a text.</summary>
    public static PageBlock[] AllOf(string page, string text)
    {
        var blocks = new List<PageBlock>();
        var lines = text.Split('\n');
        for (var at = Array.IndexOf(lines, Start); at >= 0; at = Array.IndexOf(lines, Start, at))
        {
            var begin = at + 1;
            at = Array.IndexOf(lines, End, begin);
            blocks.Add(new PageBlock($"{page}, block {blocks.Count + 1}", begin + 1, lines[begin..at]));
        }

        // None is passed over, wherever on its line it begins.
        Assert.Equal(text.Split(Start).Length - 1, blocks.Count);
        return [.. blocks];
    }

    /// <summary>Whether a line names a namespace, which a program does before all else.</summary>
    public static bool IsUsing(string line) =>
        line.StartsWith("using ", StringComparison.Ordinal) && line.EndsWith(';') && line.Split(' ').Length == 2;
}
