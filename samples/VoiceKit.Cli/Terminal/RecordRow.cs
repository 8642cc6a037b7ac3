namespace VoiceKit.Cli.Terminal;

/// <summary>
/// The row of a recording: <c>● 0:07 ▁▂▃▅▇▅▂▁▁▃▅▇▅▂▁▁ [█████▎  ]  space pause  p listen  Enter send  d delete</c>. The bars take
/// the room that is left; hints and level give way to them.
/// </summary>
internal static class RecordRow
{
    /// <summary>Draws the row.</summary>
    /// <param name="width">Its columns, at least 1; the row fills them, from 20 on with the bars.</param>
    /// <param name="state">What goes on.</param>
    /// <param name="elapsed">The length of the recording.</param>
    /// <param name="decibels">The level in dBFS; it may be −∞.</param>
    /// <param name="bars">Heights in 0…1, the newest last.</param>
    /// <param name="style">Colours or none.</param>
    public static string Render(
        int width, RecordRowState state, TimeSpan elapsed, float decibels, ReadOnlySpan<float> bars, TerminalStyle style)
    {
        var isRecording = state is RecordRowState.Recording or RecordRowState.Locked;
        var row = new RowBuilder(width, style);
        row.Append(Symbol(state), isRecording ? TerminalStyle.Red : TerminalStyle.Yellow);
        row.Append($" {Printable.Time(elapsed)} ");

        // What stands still needs no level; a word says so in its place.
        var level = " " + (isRecording ? LevelText.Meter(decibels) : Word(state).PadRight(LevelText.Width));
        var parts = new RowParts(row.Room);
        OfferAll(parts, state, level, decibels);
        row.Append(BarText.Last(bars, Math.Max(0, row.Room - parts.Width)), isRecording ? null : TerminalStyle.Dim);
        foreach (var part in parts.InOrder())
        {
            var color = isRecording ? LevelText.Color(decibels) : TerminalStyle.Yellow;
            row.Append(part, part == level ? color : TerminalStyle.Dim);
        }

        return row.ToString();
    }

    private static void OfferAll(RowParts parts, RecordRowState state, string level, float decibels)
    {
        parts.Offer("  Enter send", 6);
        parts.Offer(state is RecordRowState.Recording or RecordRowState.Locked ? "  space pause" : "  space resume", 4);
        parts.Offer("  d delete", 7);
        var hasLevel = parts.Offer(level, 1);
        parts.Offer(state == RecordRowState.Listening ? "  p stop" : "  p listen", 5);
        if (hasLevel && state is RecordRowState.Recording or RecordRowState.Locked)
            parts.Offer(" " + LevelText.Figure(decibels), 2);
        if (state == RecordRowState.Locked)
            parts.Offer("  locked", 3);
    }

    private static string Symbol(RecordRowState state) => state switch
    {
        RecordRowState.Paused => "‖",
        RecordRowState.Listening => "▶",
        _ => "●",
    };

    private static string Word(RecordRowState state) => state == RecordRowState.Listening ? "listening" : "paused";
}
