using VoiceKit.Audio;
using VoiceKit.Importing;
using VoiceKit.Opus;
using VoiceKit.Playback;
using VoiceKit.Profiles;
using VoiceKit.Recording;
using VoiceKit.Storage;

namespace VoiceKit.DependencyInjection;

/// <summary>Makes the library's own options of settings that are valid.</summary>
internal static class CoreOptions
{
    public static VoiceEncodingOptions ToCore(this EncodingSettings settings)
    {
        var options = settings.Profile is { } profile ? VoiceProfile.Find(profile)!.ToEncodingOptions() : new VoiceEncodingOptions();
        var encoder = options.Encoder;
        return options with
        {
            SampleRate = settings.SampleRate ?? options.SampleRate,
            Channels = settings.Channels ?? options.Channels,
            MaxDegreeOfParallelism = settings.MaxDegreeOfParallelism ?? options.MaxDegreeOfParallelism,
            Container = new OpusWriterOptions { MaxPageDuration = settings.MaxPageDuration ?? options.Container.MaxPageDuration },
            Encoder = encoder with
            {
                Application = settings.Application ?? encoder.Application,
                Bitrate = settings.Bitrate ?? encoder.Bitrate,
                BitrateMode = settings.BitrateMode ?? encoder.BitrateMode,
                Complexity = settings.Complexity ?? encoder.Complexity,
                PacketDuration = settings.PacketDuration ?? encoder.PacketDuration,
                UseDtx = settings.UseDtx ?? encoder.UseDtx,
            },
        };
    }

    public static VoiceRecorderOptions ToCore(
        this RecordingSettings settings, VoiceEncodingOptions encoding, VoiceDrafts drafts, TimeProvider clock)
    {
        var defaults = new VoiceRecorderOptions();
        return new VoiceRecorderOptions
        {
            Encoding = encoding,
            Drafts = settings.KeepDrafts ? drafts : null,
            MinDuration = settings.MinDuration ?? defaults.MinDuration,
            MaxDuration = settings.MaxDuration,
            MaxSize = settings.MaxSize,
            LimitWarning = settings.LimitWarning ?? defaults.LimitWarning,
            HighPass = settings.HighPass,
            AutomaticGain = settings.AutomaticGain ? new AutomaticGainOptions() : null,
            ProgressInterval = settings.ProgressInterval ?? defaults.ProgressInterval,
            BarInterval = settings.BarInterval ?? defaults.BarInterval,
            DeviceTimeout = settings.DeviceTimeout ?? defaults.DeviceTimeout,
            BufferDuration = settings.BufferDuration ?? defaults.BufferDuration,
            Clock = clock,
        };
    }

    public static VoicePlayerOptions ToCore(this PlaybackSettings settings, TimeProvider clock)
    {
        var defaults = new VoicePlayerOptions();
        return new VoicePlayerOptions
        {
            ProgressInterval = settings.ProgressInterval ?? defaults.ProgressInterval,
            StartTimeout = settings.StartTimeout ?? defaults.StartTimeout,
            SilenceThreshold = settings.SilenceThreshold ?? defaults.SilenceThreshold,
            Clock = clock,
        };
    }

    public static VoiceImportOptions ToCore(this ImportSettings settings, VoiceEncodingOptions encoding)
    {
        var defaults = new VoiceImportOptions();
        return new VoiceImportOptions
        {
            Encoding = encoding,
            ForceEncoding = settings.ForceEncoding,
            TargetLoudness = settings.TargetLoudness,
            MaxGain = settings.MaxGain ?? defaults.MaxGain,
            PeakLimit = settings.PeakLimit ?? defaults.PeakLimit,
            TrimSilence = settings.TrimSilence,
            MaxLength = settings.MaxLength,
            RefuseLonger = settings.RefuseLonger,
            Bars = settings.Bars ?? defaults.Bars,
            MaxInputSize = settings.MaxInputSize ?? defaults.MaxInputSize,
        };
    }

    public static VoiceMessageStoreOptions ToCore(this StoreSettings settings, TimeProvider clock)
    {
        var defaults = new VoiceMessageStoreOptions();
        return new VoiceMessageStoreOptions
        {
            Durability = settings.Durability ?? defaults.Durability,
            MaxMessageSize = settings.MaxMessageSize ?? defaults.MaxMessageSize,
            ChangeDelay = settings.ChangeDelay ?? defaults.ChangeDelay,
            Clock = clock,
        };
    }
}
