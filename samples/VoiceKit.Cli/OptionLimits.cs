using System.CommandLine;
using System.Globalization;
using VoiceKit.Opus;

namespace VoiceKit.Cli;

/// <summary>Ranges of options, checked before a command runs.</summary>
internal static class OptionLimits
{
    /// <summary>Refuses values out of a range. What is no number at all is refused by the option's type.</summary>
    public static void Limit(this Option<int> option, int min, int max) => option.Validators.Add(result =>
    {
        foreach (var token in result.Tokens)
        {
            var isNumber = int.TryParse(token.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value);
            if (isNumber && (value < min || value > max))
                result.AddError($"{option.Name} takes {min}…{max}, not {value}.");
        }
    });

    /// <summary>Refuses milliseconds that no Opus packet has.</summary>
    public static void LimitToPacketDurations(this Option option) => option.Validators.Add(result =>
    {
        foreach (var token in result.Tokens.Where(token => !IsPacketDuration(token.Value)))
            result.AddError($"{option.Name} takes 2.5, 5, 10, 20, 40, 60, 80, 100 or 120, not '{token.Value}'.");
    });

    /// <summary><c>--jobs</c>: on how many cores to work.</summary>
    public static Option<int> Jobs(string? description = null)
    {
        var option = new Option<int>("--jobs")
        {
            Description = description ?? "How many cores to use, 1…256; all by default. The outcome is the same.",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        option.Limit(1, 256);
        return option;
    }

    /// <summary>Refuses an empty file name: what a shell makes of a variable that is not set.</summary>
    public static Argument<string> NotEmpty(this Argument<string> argument)
    {
        argument.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => token.Value.Length == 0))
                result.AddError($"{argument.Name} is an empty file name.");
        });
        return argument;
    }

    private static bool IsPacketDuration(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
        && value < 1000 && OpusRates.IsPacketDuration(TimeSpan.FromMilliseconds(value));
}
