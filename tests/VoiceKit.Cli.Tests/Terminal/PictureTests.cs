using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using VoiceKit.Cli.Terminal;

namespace VoiceKit.Cli.Tests.Terminal;

/// <summary>The picture of the program in the README: the rows that it draws itself.</summary>
public partial class PictureTests
{
    private const int Columns = 92;
    private const double CellWidth = 8.4;
    private const int LineHeight = 22;
    private static readonly TerminalStyle Color = new(HasColor: true);

    // After a change in how rows are drawn, run once with VOICEKIT_DRAW=1, and look at the picture.
    [Fact]
    public void Rows_in_the_readme_are_what_the_program_draws()
    {
        var path = SourceTree.PathOf("docs/terminal.svg");
        var svg = Draw();
        if (Environment.GetEnvironmentVariable("VOICEKIT_DRAW") == "1")
            File.WriteAllText(path, svg);
        Assert.Equal(svg, File.ReadAllText(path));
        Assert.Contains("](docs/terminal.svg)", File.ReadAllText(SourceTree.PathOf("README.md")), StringComparison.Ordinal);
    }

    private static string Draw()
    {
        float[] bars = [.. Enumerable.Range(0, 200).Select(i => (float)Math.Abs(Math.Sin(i * 1.9) * Math.Sin(i * 0.31 + 0.8)))];
        string[] rows =
        [
            "$ voicekit record note.opus",
            RecordRow.Render(Columns, RecordRowState.Recording, TimeSpan.FromSeconds(7), -18, bars, Color),
            "$ voicekit play note.opus",
            PlayRow.Render(Columns, false, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(12), 0.25, 1.5, bars, Color),
        ];
        var width = (int)(Columns * CellWidth) + 32;
        var height = rows.Length * LineHeight + 28;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" ");
        svg.Append(
            CultureInfo.InvariantCulture, $"width=\"{width}\" height=\"{height}\" font-family=\"monospace\" font-size=\"14\">\n");
        svg.Append("<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#1b1f24\"/>\n");
        for (var i = 0; i < rows.Length; i++)
            DrawRow(svg, rows[i], (i + 1) * LineHeight + 8);
        return svg.Append("</svg>\n").ToString();
    }

    // Each stretch of a colour is told how wide it is, so that the columns stand where they do in a terminal, whatever the font.
    private static void DrawRow(StringBuilder svg, string row, int y)
    {
        var (color, column) = ("#d0d7de", 0);
        foreach (Match match in Stretches.Matches(row))
        {
            if (match.Value[0] == '\u001b')
            {
                color = ColorOf(match.Value);
                continue;
            }

            var x = string.Create(CultureInfo.InvariantCulture, $"{16 + column * CellWidth:0.##}");
            var length = string.Create(CultureInfo.InvariantCulture, $"{match.Length * CellWidth:0.##}");
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<text x=\"{x}\" y=\"{y}\" fill=\"{color}\" textLength=\"{length}\" xml:space=\"preserve\">");
            svg.Append(WebUtility.HtmlEncode(match.Value)).Append("</text>\n");
            column += match.Length;
        }
    }

    private static string ColorOf(string markup) => markup switch
    {
        TerminalStyle.Red => "#ff7b72",
        TerminalStyle.Green => "#7ee787",
        TerminalStyle.Yellow => "#e3b341",
        TerminalStyle.Cyan => "#56d4dd",
        TerminalStyle.Dim => "#7d8590",
        _ => "#d0d7de",
    };

    [GeneratedRegex("\u001b\\[[0-9]*m|[^\u001b]+")]
    private static partial Regex Stretches { get; }
}
