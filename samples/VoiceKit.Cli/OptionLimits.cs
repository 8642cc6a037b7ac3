using System.CommandLine;
using System.Globalization;

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
}
