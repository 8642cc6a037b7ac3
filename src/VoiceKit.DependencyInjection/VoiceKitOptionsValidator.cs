using Microsoft.Extensions.Options;
using VoiceKit.Importing;
using VoiceKit.Opus;
using VoiceKit.Playback;
using VoiceKit.Profiles;
using VoiceKit.Recording;
using VoiceKit.Storage;

namespace VoiceKit.DependencyInjection;

/// <summary>Says of each option that is wrong which one it is, what it is, and what it may be.</summary>
internal sealed class VoiceKitOptionsValidator : IValidateOptions<VoiceKitOptions>
{
    public ValidateOptionsResult Validate(string? name, VoiceKitOptions options)
    {
        var failures = new OptionFailures();
        CheckEncoding(options, failures);
        CheckRecording(options, failures);
        CheckPlayback(options, failures);
        CheckImport(options, failures);
        CheckStore(options, failures);
        return failures.Found.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures.Found);
    }

    private static void CheckEncoding(VoiceKitOptions options, OptionFailures failures)
    {
        if (options.Encoding.Profile is { } name)
            CheckProfile(options, VoiceProfile.Find(name), failures);
        failures.Try(options.Encoding.Bitrate, value => new OpusEncoderOptions { Bitrate = value });
        failures.Try(options.Encoding.SampleRate, value => new VoiceEncodingOptions { SampleRate = value });
        failures.Try(options.Encoding.Channels, value => new VoiceEncodingOptions { Channels = value });
        failures.Try(options.Encoding.Complexity, value => new OpusEncoderOptions { Complexity = value });
        failures.Try(options.Encoding.PacketDuration, value => new OpusEncoderOptions { PacketDuration = value });
        failures.Try(options.Encoding.Application, value => new OpusEncoderOptions { Application = value });
        failures.Try(options.Encoding.BitrateMode, value => new OpusEncoderOptions { BitrateMode = value });
        failures.Try(options.Encoding.MaxPageDuration, value => new OpusWriterOptions { MaxPageDuration = value });
        failures.Try(options.Encoding.MaxDegreeOfParallelism, value => new VoiceEncodingOptions { MaxDegreeOfParallelism = value });
    }

    private static void CheckProfile(VoiceKitOptions options, VoiceProfile? profile, OptionFailures failures)
    {
        if (profile is null)
        {
            var known = string.Join(", ", VoiceProfile.All.Where(known => known.TakesOpus).Select(known => known.Name));
            failures.Add(options.Encoding.Profile, $"There is no such profile; these are known: {known}.");
        }
        else if (!profile.TakesOpus)
        {
            failures.Add(options.Encoding.Profile, "Its voice messages are not Opus.");
        }
    }

    private static void CheckRecording(VoiceKitOptions options, OptionFailures failures)
    {
        failures.NotEmpty(options.Recording.DraftFolder);
        failures.Try(options.Recording.MinDuration, value => new VoiceRecorderOptions { MinDuration = value });
        failures.Try(options.Recording.MaxDuration, value => new VoiceRecorderOptions { MaxDuration = value });
        failures.Try(options.Recording.MaxSize, value => new VoiceRecorderOptions { MaxSize = value });
        failures.Try(options.Recording.LimitWarning, value => new VoiceRecorderOptions { LimitWarning = value });
        failures.Try(options.Recording.HighPass, value => new VoiceRecorderOptions { HighPass = value });
        failures.Try(options.Recording.ProgressInterval, value => new VoiceRecorderOptions { ProgressInterval = value });
        failures.Try(options.Recording.BarInterval, value => new VoiceRecorderOptions { BarInterval = value });
        failures.Try(options.Recording.DeviceTimeout, value => new VoiceRecorderOptions { DeviceTimeout = value });
        failures.Try(options.Recording.BufferDuration, value => new VoiceRecorderOptions { BufferDuration = value });
        if (options.Recording.MaxDuration > TimeSpan.Zero
            && options.Recording.MaxDuration < (options.Recording.MinDuration ?? new VoiceRecorderOptions().MinDuration))
        {
            failures.Add(options.Recording.MaxDuration, "It is less than Recording:MinDuration, so that no message would do.");
        }
    }

    private static void CheckPlayback(VoiceKitOptions options, OptionFailures failures)
    {
        failures.Try(options.Playback.ProgressInterval, value => new VoicePlayerOptions { ProgressInterval = value });
        failures.Try(options.Playback.StartTimeout, value => new VoicePlayerOptions { StartTimeout = value });
        failures.Try(options.Playback.SilenceThreshold, value => new VoicePlayerOptions { SilenceThreshold = value });
    }

    private static void CheckImport(VoiceKitOptions options, OptionFailures failures)
    {
        failures.Try(options.Import.TargetLoudness, value => new VoiceImportOptions { TargetLoudness = value });
        failures.Try(options.Import.MaxGain, value => new VoiceImportOptions { MaxGain = value });
        failures.Try(options.Import.PeakLimit, value => new VoiceImportOptions { PeakLimit = value });
        failures.Try(options.Import.MaxLength, value => new VoiceImportOptions { MaxLength = value });
        failures.Try(options.Import.Bars, value => new VoiceImportOptions { Bars = value });
        failures.Try(options.Import.MaxInputSize, value => new VoiceImportOptions { MaxInputSize = value });
        if (options.Import.RefuseLonger && options.Import.MaxLength is null)
            failures.Add(options.Import.RefuseLonger, "Without Import:MaxLength nothing is too long.");
    }

    private static void CheckStore(VoiceKitOptions options, OptionFailures failures)
    {
        failures.NotEmpty(options.Store.Folder);
        if (options.Store.Durability is { } durability && !Enum.IsDefined(durability))
            failures.Add(options.Store.Durability, "There is no such durability.");
        failures.Try(options.Store.MaxMessageSize, value => new VoiceMessageStoreOptions { MaxMessageSize = value });
        failures.Try(options.Store.ChangeDelay, value => new VoiceMessageStoreOptions { ChangeDelay = value });
    }
}
