using System.Globalization;

namespace VoiceKit.Cli.Terminal;

/// <summary>A level as a bar that lies: from −60 dBFS, and all below, to 0 dBFS.</summary>
internal static class LevelText
{
    public const int Width = 10;

    private const int Cells = Width - 2;
    private const float Lowest = -60;
    private const string Eighths = " ▏▎▍▌▋▊▉";

    public static string Meter(float decibels)
    {
        var eighths = (int)MathF.Round((Limit(decibels) - Lowest) / -Lowest * Cells * 8);
        var full = new string('█', eighths / 8);
        return $"[{(eighths % 8 == 0 ? full : full + Eighths[eighths % 8]).PadRight(Cells)}]";
    }

    /// <summary>The figure; always 6 columns.</summary>
    public static string Figure(float decibels) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)MathF.Round(Limit(decibels)),3} dB");

    /// <summary>Green is fine, yellow loud, red about to clip.</summary>
    public static string Color(float decibels) => Limit(decibels) switch
    {
        >= -3 => TerminalStyle.Red,
        >= -12 => TerminalStyle.Yellow,
        _ => TerminalStyle.Green,
    };

    private static float Limit(float decibels) => decibels > Lowest ? Math.Min(decibels, 0) : Lowest;
}
