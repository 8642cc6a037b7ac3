using System.Globalization;

namespace VoiceKit.Cli.Terminal;

/// <summary>
/// The row of a message that plays: <c>▶ 0:03 ▁▂▃▅▇▅▂▁▁▃▅▇ 0:12 1.5×  space pause  ← → seek  s speed  q quit</c>. What has been
/// played is lit; without colours a line stands where it ends.
/// </summary>
internal static class PlayRow
{
    /// <summary>Draws the row.</summary>
    /// <param name="width">Its columns, at least 1; the row fills them, from 20 on with the bars.</param>
    /// <param name="isPaused">Whether it stands still.</param>
    /// <param name="position">Where it is.</param>
    /// <param name="duration">The length of the message.</param>
    /// <param name="played">How much of the bars is lit, 0…1.</param>
    /// <param name="speed">The speed; 1 is as recorded.</param>
    /// <param name="bars">The heights of the whole message in 0…1, any number.</param>
    /// <param name="style">Colours or none.</param>
    /// <param name="place">Which of how many messages it is; empty for one alone.</param>
    public static string Render(
        int width,
        bool isPaused,
        TimeSpan position,
        TimeSpan duration,
        double played,
        double speed,
        ReadOnlySpan<float> bars,
        TerminalStyle style,
        string place = "")
    {
        var length = Printable.Time(duration);
        var row = new RowBuilder(width, style);
        if (place.Length > 0)
            row.Append(place + " ", TerminalStyle.Dim);
        row.Append(isPaused ? "‖" : "▶", isPaused ? TerminalStyle.Yellow : TerminalStyle.Green);
        row.Append($" {Printable.Time(position).PadLeft(length.Length)} ");

        var end = " " + length;
        var parts = new RowParts(row.Room - end.Length);
        parts.Offer(string.Create(CultureInfo.InvariantCulture, $" {speed:0.##}×"), 1);
        parts.Offer(isPaused ? "  space play" : "  space pause", 2);
        parts.Offer("  ← → seek", 3);
        parts.Offer("  s speed", 4);
        if (place.Length > 0)
            parts.Offer("  n next  b back", 5);
        parts.Offer("  q quit", 6);
        AppendBars(row, bars, Math.Max(0, row.Room - end.Length - parts.Width), played);
        row.Append(end);
        foreach (var part in parts.InOrder())
            row.Append(part, TerminalStyle.Dim);
        return row.ToString();
    }

    private static void AppendBars(RowBuilder row, ReadOnlySpan<float> bars, int width, double played)
    {
        if (width == 0)
            return;
        var fraction = played > 0 ? Math.Min(played, 1) : 0;
        if (row.Style.HasColor)
        {
            var text = BarText.All(bars, width);
            var lit = (int)(fraction * width);
            row.Append(text.AsSpan(0, lit), TerminalStyle.Cyan);
            row.Append(text.AsSpan(lit), TerminalStyle.Dim);
        }
        else
        {
            var text = BarText.All(bars, width - 1);
            row.Append(text.Insert((int)(fraction * text.Length), "│"));
        }
    }
}
