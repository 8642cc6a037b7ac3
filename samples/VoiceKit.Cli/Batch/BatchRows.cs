using VoiceKit.Cli.Terminal;

namespace VoiceKit.Cli.Batch;

/// <summary>The rows of a terminal that show how far the work on many files is.</summary>
internal static class BatchRows
{
    private const int MaxName = 32;
    private const int MaxBar = 24;
    private const int Percent = 7;

    /// <summary>A bar for one file: its name, and how much is done.</summary>
    public static string Of(FileWork work, int width)
    {
        var end = work.Total is null ? Printable.Time(work.Done) : $"{work.Share:P0}";
        return Row(Path.GetFileName(work.File.Input), work.Share, end, width);
    }

    /// <summary>The bar for all.</summary>
    /// <param name="done">How many files are done.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="share">The part of the work that is done, 0…1.</param>
    /// <param name="width">The columns of the row.</param>
    public static string OfAll(int done, int count, double share, int width) =>
        Row($"{done} of {count} files", share, $"{share:P0}", width);

    private static string Row(string name, double share, string end, int width)
    {
        var row = new RowBuilder(width, default);
        var bar = Math.Clamp(width / 3, 0, MaxBar);
        var room = Math.Clamp(width - bar - Percent - 1, 0, MaxName);
        row.Append(Fit(Printable.Line(name), room));
        row.Append(" ");
        var lit = (int)(share * bar);
        row.Append(new string('█', lit));
        row.Append(new string('░', bar - lit));
        row.Append(end.PadLeft(Percent));
        return row.ToString();
    }

    private static string Fit(string name, int room) =>
        name.Length <= room ? name.PadRight(room) : room == 0 ? "" : name[..(room - 1)] + "…";
}
