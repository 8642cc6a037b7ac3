using System.Text.RegularExpressions;

namespace VoiceKit.Cli.Tests.Terminal;

/// <summary>Takes a row apart.</summary>
internal static partial class RowText
{
    public const string Blocks = "▁▂▃▄▅▆▇█";

    /// <summary>What is seen of a row.</summary>
    public static string Plain(string row)
    {
        var plain = Markup.Replace(row, "");
        Assert.DoesNotContain(plain, char.IsControl);
        return plain;
    }

    /// <summary>The text that stands in one colour.</summary>
    public static string In(string row, string markup) => string.Concat(
        Regex.Matches(row, Regex.Escape(markup) + "([^\u001b]*)\u001b\\[0m").Select(match => match.Groups[1].Value));

    public static int CountBars(string text) => text.Count(Blocks.Contains);

    [GeneratedRegex("\u001b\\[[0-9]*m")]
    private static partial Regex Markup { get; }
}
