using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using VoiceKit.Audio;
using VoiceKit.Importing;
using VoiceKit.Opus;
using VoiceKit.Playback;
using VoiceKit.Recording;
using VoiceKit.Storage;

namespace VoiceKit.DependencyInjection;

/// <summary>How each service is made. Logs and a clock are the app's where it has them.</summary>
internal static class VoiceKitServices
{
    private static readonly VoiceEncodingOptions Plain = new();

    public static VoiceEncodingOptions EncodingOptions(IServiceProvider services) => SettingsOf(services).Encoding;

    public static VoiceDrafts Drafts(IServiceProvider services) =>
        SettingsOf(services).DraftFolder is { } folder ? new VoiceDrafts(folder, ClockOf(services)) : VoiceDrafts.Default;

    public static VoiceRecorderOptions RecorderOptions(IServiceProvider services)
    {
        var options = SettingsOf(services).Recording;
        return options with
        {
            Encoding = EncodingOf(options.Encoding, services),
            Drafts = options.Drafts == VoiceDrafts.Default ? services.GetRequiredService<VoiceDrafts>() : options.Drafts,
            Clock = ClockOf(services, options.Clock),
        };
    }

    public static VoicePlayerOptions PlayerOptions(IServiceProvider services)
    {
        var options = SettingsOf(services).Playback;
        return options with { Clock = ClockOf(services, options.Clock) };
    }

    public static VoiceImportOptions ImportOptions(IServiceProvider services)
    {
        var options = SettingsOf(services).Import;
        return options with { Encoding = EncodingOf(options.Encoding, services) };
    }

    public static VoiceMessageStoreOptions StoreOptions(IServiceProvider services)
    {
        var options = SettingsOf(services).Store;
        return options with { Clock = ClockOf(services, options.Clock) };
    }

    public static IVoiceRecorderFactory RecorderFactory(IServiceProvider services) => new VoiceRecorderFactory(
        EncodersOf(services),
        services.GetService<IAudioDevices>(),
        services.GetRequiredService<VoiceRecorderOptions>(),
        LogOf(services, "VoiceKit.Recording"));

    public static IVoicePlayerFactory PlayerFactory(IServiceProvider services) => new VoicePlayerFactory(
        services.GetService<IOpusDecoderFactory>(),
        services.GetService<IAudioDevices>(),
        services.GetRequiredService<VoicePlayerOptions>(),
        LogOf(services, "VoiceKit.Playback"));

    public static IVoiceEncoder Encoder(IServiceProvider services) =>
        new VoiceEncoder(EncodersOf(services), services.GetRequiredService<VoiceEncodingOptions>());

    public static IVoiceImporter Importer(IServiceProvider services)
    {
        var importer = new VoiceImporter(
            EncodersOf(services), services.GetService<IAudioDecoder>(), services.GetRequiredService<VoiceImportOptions>())
        {
            OpusDecoder = services.GetService<IOpusDecoderFactory>() ?? ManagedOpusCodec.Default,
        };
        var log = LogOf(services, "VoiceKit.Importing");
        importer.Failed += (_, fault) => VoiceKitLog.ImportFault(log, fault);
        return importer;
    }

    public static IVoiceMessageStore Store(IServiceProvider services)
    {
        var folder = SettingsOf(services).StoreFolder
            ?? throw new InvalidOperationException(
                "VoiceKit has no folder for its store: set Store:Folder, which is StoreFolder in VoiceKitOptions.");
        var store = new VoiceMessageStore(folder, services.GetRequiredService<VoiceMessageStoreOptions>());
        var log = LogOf(services, "VoiceKit.Storage");
        store.Failed += (_, fault) => VoiceKitLog.StoreFault(log, fault);
        return store;
    }

    public static IAudioDevices Devices(
        IServiceProvider services, Func<IServiceProvider, CancellationToken, ValueTask<IAudioDevices>> open) =>
        new DeferredAudioDevices(token => open(services, token), LogOf(services, "VoiceKit.Audio"));

    public static InvalidOperationException NoDevices() =>
        new("VoiceKit has no audio devices: call UsePulseAudio, UseNAudio or UseAudioDevices in AddVoiceKit.");

    private static IOpusEncoderFactory EncodersOf(IServiceProvider services) =>
        services.GetService<IOpusEncoderFactory>() ?? services.GetService<IOpusCodec>()
        ?? throw new InvalidOperationException(
            "VoiceKit has no codec: call UseLibOpus, UseConcentus or UseCodec in AddVoiceKit.");

    // What says nothing of encoding follows the app's.
    private static VoiceEncodingOptions EncodingOf(VoiceEncodingOptions own, IServiceProvider services) =>
        own == Plain ? services.GetRequiredService<VoiceEncodingOptions>() : own;

    private static VoiceKitOptions SettingsOf(IServiceProvider services) =>
        services.GetRequiredService<IOptions<VoiceKitOptions>>().Value;

    private static TimeProvider ClockOf(IServiceProvider services) => services.GetService<TimeProvider>() ?? TimeProvider.System;

    // A clock that was set in the options counts more than the app's.
    private static TimeProvider ClockOf(IServiceProvider services, TimeProvider own) =>
        own == TimeProvider.System ? ClockOf(services) : own;

    private static ILogger LogOf(IServiceProvider services, string category) =>
        (services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger(category);
}
