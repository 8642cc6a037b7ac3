using System.Globalization;

namespace VoiceKit.DependencyInjection;

/// <summary>Reads values as a configuration has them: text, in the invariant culture.</summary>
/// <remarks>What is no such value is a <see cref="FormatException"/> with a sentence that says so.</remarks>
internal static class OptionText
{
    public static int Int32(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new FormatException("It is no whole number.");

    public static long Int64(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new FormatException("It is no whole number.");

    public static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new FormatException("It is no number.");

    public static bool Switch(string text) =>
        bool.TryParse(text, out var value) ? value : throw new FormatException("It is neither true nor false.");

    public static TimeSpan Time(string text) =>
        TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new FormatException("It is no time: one second and a half is 00:00:01.5.");

    public static T Member<T>(string text)
        where T : struct, Enum =>
        Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value)
            ? value
            : throw new FormatException($"It is none of {string.Join(", ", Enum.GetNames<T>())}.");

    public static string NotBlank(string text) =>
        string.IsNullOrWhiteSpace(text) ? throw new FormatException("It is blank.") : text;
}
