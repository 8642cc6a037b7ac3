using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace VoiceKit.DependencyInjection;

/// <summary>
/// Sets options by a section of a configuration. What cannot be used is noted, so that all of it is told at once.
/// </summary>
internal sealed class VoiceKitConfiguration(IConfiguration section) : IConfigureOptions<VoiceKitOptions>
{
    public void Configure(VoiceKitOptions options)
    {
        foreach (var key in OptionKeys.All)
        {
            if (section[key.Name] is { } text)
                Apply(key, text, options);
        }
    }

    private static void Apply(OptionKey key, string text, VoiceKitOptions options)
    {
        try
        {
            key.Apply(options, text);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            options.Fail($"{key.Name} is {text}: {SentenceOf(exception)}");
        }
    }

    // Without the name of a parameter, which is no name that the app knows.
    private static string SentenceOf(Exception exception) => exception.Message.Split(" (Parameter")[0];
}
