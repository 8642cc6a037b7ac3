using VoiceKit.Audio;
using VoiceKit.Opus;
using VoiceKit.Profiles;
using VoiceKit.Recording;
using VoiceKit.Storage;
using static VoiceKit.DependencyInjection.OptionKey;
using static VoiceKit.DependencyInjection.OptionText;

namespace VoiceKit.DependencyInjection;

/// <summary>
/// What a configuration may say, in the order in which it is done: a profile comes before what changes it. The names are those of the
/// library's options; written out, so that no reflection is needed.
/// </summary>
internal static class OptionKeys
{
    public static IReadOnlyList<OptionKey> All { get; } =
    [
        Encoding("Profile", (_, text) => ProfileOf(text).ToEncodingOptions()),
        Encoding("SampleRate", (options, text) => options with { SampleRate = Int32(text) }),
        Encoding("Channels", (options, text) => options with { Channels = Int32(text) }),
        Encoding("MaxDegreeOfParallelism", (options, text) => options with { MaxDegreeOfParallelism = Int32(text) }),
        Encoding("Vendor", (options, text) => options with { Vendor = text }),
        Encoding("MaxPageDuration", (options, text) =>
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
        OptionKey.Recording("KeepDrafts", (options, text) => Switch(text) ? options : options with { Drafts = null }),
        OptionKey.Recording("MinDuration", (options, text) => options with { MinDuration = Time(text) }),
        OptionKey.Recording("MaxDuration", (options, text) => options with { MaxDuration = Time(text) }),
        OptionKey.Recording("MaxSize", (options, text) => options with { MaxSize = Int64(text) }),
        OptionKey.Recording("LimitWarning", (options, text) => options with { LimitWarning = Time(text) }),
        OptionKey.Recording("HighPass", (options, text) => options with { HighPass = Number(text) }),
        OptionKey.Recording("AutomaticGain", (options, text) => options with { AutomaticGain = Switch(text) ? new AutomaticGainOptions() : null }),
        Gain("TargetLevel", (gain, text) => gain with { TargetLevel = Number(text) }),
        Gain("MinGain", (gain, text) => gain with { MinGain = Number(text) }),
        Gain("MaxGain", (gain, text) => gain with { MaxGain = Number(text) }),
        Gain("Ceiling", (gain, text) => gain with { Ceiling = Number(text) }),
        OptionKey.Recording("ProgressInterval", (options, text) => options with { ProgressInterval = Time(text) }),
        OptionKey.Recording("BarInterval", (options, text) => options with { BarInterval = Time(text) }),
        OptionKey.Recording("DeviceTimeout", (options, text) => options with { DeviceTimeout = Time(text) }),
        OptionKey.Recording("BufferDuration", (options, text) => options with { BufferDuration = Time(text) }),

        OptionKey.Playback("ProgressInterval", (options, text) => options with { ProgressInterval = Time(text) }),
        OptionKey.Playback("StartTimeout", (options, text) => options with { StartTimeout = Time(text) }),
        OptionKey.Playback("ReadTimeout", (options, text) => options with { ReadTimeout = Time(text) }),
        OptionKey.Playback("SilenceThreshold", (options, text) => options with { SilenceThreshold = Number(text) }),

        OptionKey.Import("ForceEncoding", (options, text) => options with { ForceEncoding = Switch(text) }),
        OptionKey.Import("TargetLoudness", (options, text) => options with { TargetLoudness = Number(text) }),
        OptionKey.Import("MaxGain", (options, text) => options with { MaxGain = Number(text) }),
        OptionKey.Import("PeakLimit", (options, text) => options with { PeakLimit = Number(text) }),
        OptionKey.Import("TrimSilence", (options, text) => options with { TrimSilence = Switch(text) }),
        OptionKey.Import("MaxDuration", (options, text) => options with { MaxDuration = Time(text) }),
        OptionKey.Import("RefuseLonger", (options, text) => options with { RefuseLonger = Switch(text) }),
        OptionKey.Import("Bars", (options, text) => options with { Bars = Int32(text) }),
        OptionKey.Import("MaxInputSize", (options, text) => options with { MaxInputSize = Int64(text) }),

        new("Store:Folder", (options, text) => options.StoreFolder = NotBlank(text)),
        OptionKey.Store("Durability", (options, text) => options with { Durability = Member<VoiceStoreDurability>(text) }),
        OptionKey.Store("MaxMessageSize", (options, text) => options with { MaxMessageSize = Int64(text) }),
        OptionKey.Store("ChangeDelay", (options, text) => options with { ChangeDelay = Time(text) }),
    ];

    private static OptionKey Encoder(string name, Func<OpusEncoderOptions, string, OpusEncoderOptions> change) =>
        Encoding(name, (options, text) => options with { Encoder = change(options.Encoder, text) });

    private static OptionKey Gain(string name, Func<AutomaticGainOptions, string, AutomaticGainOptions> change) =>
        OptionKey.Recording($"AutomaticGain:{name}", (options, text) =>
            options with { AutomaticGain = change(options.AutomaticGain ?? new AutomaticGainOptions(), text) });

    private static VoiceProfile ProfileOf(string name)
    {
        if (VoiceProfile.Find(name) is { } profile)
            return profile.TakesOpus ? profile : throw new FormatException("Its voice messages are not Opus.");
        var known = string.Join(", ", VoiceProfile.All.Where(one => one.TakesOpus).Select(one => one.Name));
        throw new FormatException($"There is no such profile; these are known: {known}.");
    }
}
