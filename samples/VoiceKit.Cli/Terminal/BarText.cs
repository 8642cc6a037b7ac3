namespace VoiceKit.Cli.Terminal;

/// <summary>Bars as block characters, one a column.</summary>
internal static class BarText
{
    private const string Blocks = "▁▂▃▄▅▆▇█";

    /// <summary>The last bars, the newest at the right; blanks before the first.</summary>
    /// <param name="bars">Heights in 0…1, oldest first.</param>
    /// <param name="width">The number of columns.</param>
    public static string Last(ReadOnlySpan<float> bars, int width)
    {
        var last = bars[Math.Max(0, bars.Length - width)..];
        var text = new char[width];
        text.AsSpan().Fill(' ');
        for (var i = 0; i < last.Length; i++)
            text[width - last.Length + i] = Block(last[i]);
        return new string(text);
    }

    /// <summary>All bars in the width given; where several share a column, the highest shows.</summary>
    /// <param name="bars">Heights in 0…1; none give a flat line.</param>
    /// <param name="width">The number of columns.</param>
    public static string All(ReadOnlySpan<float> bars, int width)
    {
        var text = new char[width];
        for (var i = 0; i < width; i++)
        {
            var start = (int)((long)i * bars.Length / width);
            var end = Math.Max(start + 1, (int)((i + 1L) * bars.Length / width));
            text[i] = bars.IsEmpty ? Blocks[0] : Block(Highest(bars[start..end]));
        }

        return new string(text);
    }

    private static float Highest(ReadOnlySpan<float> bars)
    {
        var highest = 0f;
        foreach (var bar in bars)
            highest = bar > highest ? bar : highest;
        return highest;
    }

    private static char Block(float height) =>
        height > 0 ? Blocks[(int)Math.Min(height * Blocks.Length, Blocks.Length - 1)] : Blocks[0];
}
