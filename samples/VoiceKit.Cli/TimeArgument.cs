using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace VoiceKit.Cli;

/// <summary>
/// Times as people write them: seconds (<c>83.5</c>), or minutes or hours with colons (<c>1:23.5</c>, <c>0:01:23.5</c>).
/// </summary>
internal static class TimeArgument
{
    // More than any message, and far from what a TimeSpan holds.
    private const double MaxSeconds = 1e9;

    public static Option<TimeSpan?> Option(string name, string description) => new(name)
    {
        Description = description + " Seconds, or [H:]M:S.",
        HelpName = "T",
        CustomParser = Parse,
    };

    /// <summary>
    /// The value of an option while the command line is checked; null too for one that is no time, which is told elsewhere.
    /// </summary>
    public static TimeSpan? Of(CommandResult command, Option<TimeSpan?> option) =>
        command.GetResult(option) is { Tokens: [.., var token] } ? Parse(token.Value) : null;

    public static TimeSpan? Parse(string text)
    {
        var parts = text.Split(':');
        if (parts.Length > 3)
            return null;
        double seconds = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            var style = i == parts.Length - 1 ? NumberStyles.AllowDecimalPoint : NumberStyles.None;
            if (!double.TryParse(parts[i], style, CultureInfo.InvariantCulture, out var value) || (i > 0 && value >= 60))
                return null;
            seconds = seconds * 60 + value;
        }

        return seconds <= MaxSeconds ? TimeSpan.FromTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond)) : null;
    }

    private static TimeSpan? Parse(ArgumentResult result)
    {
        var text = result.Tokens[^1].Value;
        var time = Parse(text);
        if (time is null)
            result.AddError($"'{text}' is no time: seconds, or [H:]M:S, such as 83.5 or 1:23.5.");
        return time;
    }
}
