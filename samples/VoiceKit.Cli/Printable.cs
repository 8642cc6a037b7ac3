using System.Globalization;

namespace VoiceKit.Cli;

/// <summary>Makes text from files safe to print: what it says must not move the cursor or run on to another line.</summary>
internal static class Printable
{
    public static string Line(string text) =>
        string.Concat(text.Select(c => char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format ? '\uFFFD' : c));

    public static string Time(TimeSpan time) => time.TotalHours >= 1
        ? $"{(int)time.TotalHours}:{time:mm\\:ss}"
        : $"{time:m\\:ss}";
}
