using System.Drawing;
using System.Globalization;
using System.Text;

namespace VoiceKit.Waveforms;

/// <summary>Writes a picture as SVG 1.1.</summary>
internal static class WaveformSvg
{
    public static string Write(WaveformLayout layout, WaveformPictureOptions options, TimeSpan duration)
    {
        var (width, height, played) = (layout.Width, layout.Height, layout.PlayedWidth);
        var svg = new StringBuilder();
        Append(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\"");
        Append(svg, $" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"Voice message, {Length(duration)}\">\n");
        if (options.Background.A > 0)
            Append(svg, $"<rect width=\"{width}\" height=\"{height}\"{Fill(options.Background)}/>\n");
        if (played <= 0 || played >= width)
        {
            AppendPath(svg, layout.Bars, played > 0 ? options.PlayedColor : options.BarColor);
        }
        else
        {
            // An inner svg cuts off what is outside of it; unlike a clip path it needs no id, so pictures may share a page.
            Append(svg, $"<svg width=\"{played:0.###}\" height=\"{height}\">");
            AppendPath(svg, layout.Bars.Where(bar => bar.X < played), options.PlayedColor);
            Append(svg, $"</svg>\n<svg x=\"{played:0.###}\" width=\"{width - played:0.###}\" height=\"{height}\"");
            Append(svg, $" viewBox=\"{played:0.###} 0 {width - played:0.###} {height}\">");
            AppendPath(svg, layout.Bars.Where(bar => bar.X + bar.Width > played), options.BarColor);
            svg.Append("</svg>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void AppendPath(StringBuilder svg, IEnumerable<WaveformLayoutBar> bars, Color color)
    {
        Append(svg, $"<path{Fill(color)} d=\"");
        foreach (var bar in bars)
            AppendBar(svg, bar);
        svg.Append("\"/>\n");
    }

    private static void AppendBar(StringBuilder svg, WaveformLayoutBar bar)
    {
        var (r, across, along) = (bar.Radius, bar.Width - 2 * bar.Radius, bar.Height - 2 * bar.Radius);
        Append(svg, $"M{bar.X:0.##} {bar.Y + r:0.##}");
        if (r == 0)
            Append(svg, $"h{across:0.##}v{along:0.##}h{-across:0.##}z");
        else
            AppendRound(svg, r, across, along);
    }

    private static void AppendRound(StringBuilder svg, double r, double across, double along)
    {
        AppendCorner(r, -r);
        Append(svg, $"h{across:0.##}");
        AppendCorner(r, r);
        Append(svg, $"v{along:0.##}");
        AppendCorner(-r, r);
        Append(svg, $"h{-across:0.##}");
        AppendCorner(-r, -r);
        svg.Append('z');

        void AppendCorner(double x, double y) => Append(svg, $"a{r:0.##} {r:0.##} 0 0 1 {x:0.##} {y:0.##}");
    }

    private static string Fill(Color color)
    {
        var opacity = color.A == 255
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $" fill-opacity=\"{color.A / 255.0:0.###}\"");
        return $" fill=\"#{color.R:x2}{color.G:x2}{color.B:x2}\"{opacity}";
    }

    private static string Length(TimeSpan duration) =>
        string.Create(CultureInfo.InvariantCulture, $"{(long)duration.TotalMinutes}:{duration.Seconds:00}");

    private static void Append(StringBuilder svg, FormattableString text) =>
        svg.Append(text.ToString(CultureInfo.InvariantCulture));
}
