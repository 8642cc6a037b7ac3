using Microsoft.Extensions.Options;

namespace VoiceKit.DependencyInjection;

/// <summary>Says what a configuration has that cannot be used, and which options do not go together.</summary>
internal sealed class VoiceKitOptionsValidator : IValidateOptions<VoiceKitOptions>
{
    public ValidateOptionsResult Validate(string? name, VoiceKitOptions options)
    {
        List<string> failures = [.. options.Failures];
        if (options.Recording.MaxDuration is { } longest && longest < options.Recording.MinDuration)
        {
            failures.Add(
                $"Recording:MaxDuration is {longest:c}: It is less than Recording:MinDuration, so that no message would do.");
        }

        if (options.Import is { RefuseLonger: true, MaxDuration: null })
            failures.Add("Import:RefuseLonger is true: Without Import:MaxDuration nothing is too long.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
