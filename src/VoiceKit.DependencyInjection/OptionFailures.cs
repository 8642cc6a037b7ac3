using System.Globalization;
using System.Runtime.CompilerServices;

namespace VoiceKit.DependencyInjection;

/// <summary>What is wrong with options, each by its key in a configuration.</summary>
internal sealed class OptionFailures
{
    private readonly List<string> _found = [];

    public IReadOnlyList<string> Found => _found;

    /// <summary>Tries a value where it will be used: the library's own options know their ranges.</summary>
    public void Try<T>(T? value, Func<T, object> use, [CallerArgumentExpression(nameof(value))] string expression = "")
        where T : struct
    {
        if (value is not { } given)
            return;
        try
        {
            use(given);
        }
        catch (ArgumentException exception)
        {
            Add(given, SentenceOf(exception), expression);
        }
    }

    /// <summary>Demands that a text, where there is one, is not empty.</summary>
    public void NotEmpty(string? value, [CallerArgumentExpression(nameof(value))] string expression = "")
    {
        if (value is not null && string.IsNullOrWhiteSpace(value))
            _found.Add($"{KeyOf(expression)} is empty.");
    }

    /// <summary>Notes a failure.</summary>
    public void Add(object? value, string sentence, [CallerArgumentExpression(nameof(value))] string expression = "") =>
        _found.Add(string.Create(CultureInfo.InvariantCulture, $"{KeyOf(expression)} is {value}: {sentence}"));

    private static string KeyOf(string expression) => expression["options.".Length..].Replace('.', ':');

    // Without the name of a parameter, which is no name that the app knows.
    private static string SentenceOf(ArgumentException exception) => exception.Message.Split(" (Parameter")[0];
}
