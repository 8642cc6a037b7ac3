using System.Security;
using System.Text;
using static System.FormattableString;

namespace VoiceKit.Benchmarks.Reporting;

/// <summary>
/// Bars from left to right as SVG. It brings its own background, so that it can be read on a light page and on a dark one.
/// </summary>
/// <param name="title">What stands above.</param>
/// <param name="bars">The bars, from the top.</param>
internal sealed class BarChart(string title, IReadOnlyList<BarChart.Bar> bars)
{
    private const int Width = 760;
    private const int LabelsEnd = 250;
    private const int LongestBar = 380;
    private const int FirstRow = 52;
    private const int Row = 30;
    private const int BarHeight = 18;

    private const string Style =
        """
        <style>
        .page { fill: #ffffff; stroke: #d0d7de } text { font: 13px system-ui, sans-serif; fill: #1f2328 } .title { font-weight: 600 }
        .ours { fill: #0969da } .other { fill: #8c959f }
        @media (prefers-color-scheme: dark) {
        .page { fill: #0d1117; stroke: #30363d } text { fill: #e6edf3 } .ours { fill: #4493f8 } .other { fill: #6e7681 }
        }
        </style>

        """;

    public string ToSvg()
    {
        var height = FirstRow + bars.Count * Row + 8;
        var longest = bars.Select(bar => bar.Value).DefaultIfEmpty(1).Max();
        var svg = new StringBuilder();
        svg.Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" ");
        svg.Append($"width=\"{Width}\" height=\"{height}\" role=\"img\">\n");
        svg.Append($"<title>{Escape(title)}</title>\n{Style}");
        svg.Append($"<rect class=\"page\" x=\"0.5\" y=\"0.5\" width=\"{Width - 1}\" height=\"{height - 1}\" rx=\"6\"/>\n");
        svg.Append($"<text class=\"title\" x=\"20\" y=\"30\">{Escape(title)}</text>\n");
        for (var i = 0; i < bars.Count; i++)
        {
            var top = FirstRow + i * Row;
            var length = Math.Max(bars[i].Value / longest * LongestBar, 1);
            var kind = bars[i].IsOurs ? "ours" : "other";
            svg.Append($"<text x=\"{LabelsEnd - 10}\" y=\"{top + 14}\" text-anchor=\"end\">{Escape(bars[i].Label)}</text>\n");
            svg.Append(Invariant(
                $"<rect class=\"{kind}\" x=\"{LabelsEnd}\" y=\"{top}\" width=\"{length:F1}\" height=\"{BarHeight}\" rx=\"2\"/>\n"));
            svg.Append(Invariant($"<text x=\"{LabelsEnd + length + 8:F1}\" y=\"{top + 14}\">{Escape(bars[i].Figure)}</text>\n"));
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static string Escape(string text) => SecurityElement.Escape(text);

    /// <summary>One bar.</summary>
    /// <param name="Label">What stands before it.</param>
    /// <param name="Value">How long it is, 0 or more.</param>
    /// <param name="Figure">What stands behind it.</param>
    /// <param name="IsOurs">Whether it is drawn as one of VoiceKit's.</param>
    internal sealed record Bar(string Label, double Value, string Figure, bool IsOurs);
}
