using VoiceKit.Audio;
using VoiceKit.Opus;
using VoiceKit.Profiles;
using VoiceKit.Storage;
using static VoiceKit.DependencyInjection.OptionKey;
using static VoiceKit.DependencyInjection.OptionText;

namespace VoiceKit.DependencyInjection;

/// <summary>
/// What a configuration may say, in the order in which it is done: a profile comes before what changes it. The names are those of
/// the library's options; written out, so that no reflection is needed.
/// </summary>
internal static class OptionKeys
{
    public static IReadOnlyList<OptionKey> All { get; } =
    [
        ForEncoding("Profile", (_, text) => ProfileOf(text).ToEncodingOptions()),
        ForEncoding("SampleRate", (options, text) => options with { SampleRate = Int32(text) }),
        ForEncoding("Channels", (options, text) => options with { Channels = Int32(text) }),
        ForEncoding("MaxDegreeOfParallelism", (options, text) => options with { MaxDegreeOfParallelism = Int32(text) }),
        ForEncoding("Vendor", (options, text) => options with { Vendor = text }),
        ForEncoding("MaxPageDuration", (options, text) =>
            options with { Container = options.Container with { MaxPageDuration = Time(text) } }),

        Encoder("Application", (encoder, text) => encoder with { Application = Member<OpusApplication>(text) }),
        Encoder("Bitrate", (encoder, text) => encoder with { Bitrate = Int32(text) }),
        Encoder("BitrateMode", (encoder, text) => encoder with { BitrateMode = Member<OpusBitrateMode>(text) }),
        Encoder("Complexity", (encoder, text) => encoder with { Complexity = Int32(text) }),
        Encoder("ExpectedPacketLoss", (encoder, text) => encoder with { ExpectedPacketLoss = Int32(text) }),
        Encoder("MaxBandwidth", (encoder, text) => encoder with { MaxBandwidth = Member<OpusBandwidth>(text) }),
        Encoder("PacketDuration", (encoder, text) => encoder with { PacketDuration = Time(text) }),
        Encoder("PredictionDisabled", (encoder, text) => encoder with { PredictionDisabled = Switch(text) }),
        Encoder("Signal", (encoder, text) => encoder with { Signal = Member<OpusSignal>(text) }),
        Encoder("UseDtx", (encoder, text) => encoder with { UseDtx = Switch(text) }),
        Encoder("UseInBandFec", (encoder, text) => encoder with { UseInBandFec = Switch(text) }),

        new("Recording:DraftFolder", (options, text) => options.DraftFolder = NotBlank(text)),
        ForRecording("KeepDrafts", (options, text) => Switch(text) ? options : options with { Drafts = null }),
        ForRecording("MinDuration", (options, text) => options with { MinDuration = Time(text) }),
        ForRecording("MaxDuration", (options, text) => options with { MaxDuration = Time(text) }),
        ForRecording("MaxSize", (options, text) => options with { MaxSize = Int64(text) }),
        ForRecording("LimitWarning", (options, text) => options with { LimitWarning = Time(text) }),
        ForRecording("HighPass", (options, text) => options with { HighPass = Number(text) }),
        ForRecording(
            "AutomaticGain",
            (options, text) => options with { AutomaticGain = Switch(text) ? new AutomaticGainOptions() : null }),
        Gain("TargetLevel", (gain, text) => gain with { TargetLevel = Number(text) }),
        Gain("MinGain", (gain, text) => gain with { MinGain = Number(text) }),
        Gain("MaxGain", (gain, text) => gain with { MaxGain = Number(text) }),
        Gain("Ceiling", (gain, text) => gain with { Ceiling = Number(text) }),
        ForRecording("ProgressInterval", (options, text) => options with { ProgressInterval = Time(text) }),
        ForRecording("BarInterval", (options, text) => options with { BarInterval = Time(text) }),
        ForRecording("DeviceTimeout", (options, text) => options with { DeviceTimeout = Time(text) }),
        ForRecording("BufferDuration", (options, text) => options with { BufferDuration = Time(text) }),

        ForPlayback("ProgressInterval", (options, text) => options with { ProgressInterval = Time(text) }),
        ForPlayback("StartTimeout", (options, text) => options with { StartTimeout = Time(text) }),
        ForPlayback("ReadTimeout", (options, text) => options with { ReadTimeout = Time(text) }),
        ForPlayback("SilenceThreshold", (options, text) => options with { SilenceThreshold = Number(text) }),

        ForImport("ForceEncoding", (options, text) => options with { ForceEncoding = Switch(text) }),
        ForImport("TargetLoudness", (options, text) => options with { TargetLoudness = Number(text) }),
        ForImport("MaxGain", (options, text) => options with { MaxGain = Number(text) }),
        ForImport("PeakLimit", (options, text) => options with { PeakLimit = Number(text) }),
        ForImport("StripTags", (options, text) => options with { StripTags = Switch(text) }),
        ForImport("TrimSilence", (options, text) => options with { TrimSilence = Switch(text) }),
        ForImport("MaxDuration", (options, text) => options with { MaxDuration = Time(text) }),
        ForImport("RefuseLonger", (options, text) => options with { RefuseLonger = Switch(text) }),
        ForImport("Bars", (options, text) => options with { Bars = Int32(text) }),
        ForImport("MaxInputSize", (options, text) => options with { MaxInputSize = Int64(text) }),

        new("Store:Folder", (options, text) => options.StoreFolder = NotBlank(text)),
        ForStore("Durability", (options, text) => options with { Durability = Member<VoiceStoreDurability>(text) }),
        ForStore("MaxMessageSize", (options, text) => options with { MaxMessageSize = Int64(text) }),
        ForStore("ChangeDelay", (options, text) => options with { ChangeDelay = Time(text) }),
    ];

    private static OptionKey Encoder(string name, Func<OpusEncoderOptions, string, OpusEncoderOptions> change) =>
        ForEncoding(name, (options, text) => options with { Encoder = change(options.Encoder, text) });

    private static OptionKey Gain(string name, Func<AutomaticGainOptions, string, AutomaticGainOptions> change) =>
        ForRecording($"AutomaticGain:{name}", (options, text) =>
            options with { AutomaticGain = change(options.AutomaticGain ?? new AutomaticGainOptions(), text) });

    private static VoiceProfile ProfileOf(string name)
    {
        if (VoiceProfile.Find(name) is { } profile)
            return profile.TakesOpus ? profile : throw new FormatException("Its voice messages are not Opus.");
        var known = string.Join(", ", VoiceProfile.All.Where(one => one.TakesOpus).Select(one => one.Name));
        throw new FormatException($"There is no such profile; these are known: {known}.");
    }
}
