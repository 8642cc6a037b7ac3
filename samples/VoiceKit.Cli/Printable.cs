using System.Globalization;
using VoiceKit.Containers;
using VoiceKit.Opus;

namespace VoiceKit.Cli;

/// <summary>Makes text from files safe to print: what it says must not move the cursor or run on to another line.</summary>
internal static class Printable
{
    public static string Line(string text) =>
        string.Concat(text.Select(c => char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format ? '\uFFFD' : c));

    public static void Write(TextWriter text, IReadOnlyList<OpusDefect> defects, long count)
    {
        foreach (var defect in defects)
            text.WriteLine($"Defect      at byte {defect.Offset}: {Line(defect.Message)}");
        if (count > defects.Count)
            text.WriteLine($"            and {count - defects.Count} more");
    }

    public static string Time(TimeSpan time) => time.TotalHours >= 1
        ? $"{(int)time.TotalHours}:{time:mm\\:ss}"
        : $"{time:m\\:ss}";

    /// <summary>A time to the millisecond.</summary>
    public static string ExactTime(TimeSpan time) => $"{Time(time)}.{time:fff}";
}
