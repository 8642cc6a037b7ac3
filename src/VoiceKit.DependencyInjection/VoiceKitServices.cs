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
    public static VoiceEncodingOptions EncodingOptions(IServiceProvider services) => SettingsOf(services).Encoding.ToCore();

    public static VoiceDrafts Drafts(IServiceProvider services) =>
        SettingsOf(services).Recording.DraftFolder is { } folder ? new VoiceDrafts(folder, ClockOf(services)) : VoiceDrafts.Default;

    public static VoiceRecorderOptions RecorderOptions(IServiceProvider services) => SettingsOf(services).Recording.ToCore(
        services.GetRequiredService<VoiceEncodingOptions>(), services.GetRequiredService<VoiceDrafts>(), ClockOf(services));

    public static VoicePlayerOptions PlayerOptions(IServiceProvider services) =>
        SettingsOf(services).Playback.ToCore(ClockOf(services));

    public static VoiceImportOptions ImportOptions(IServiceProvider services) =>
        SettingsOf(services).Import.ToCore(services.GetRequiredService<VoiceEncodingOptions>());

    public static VoiceMessageStoreOptions StoreOptions(IServiceProvider services) =>
        SettingsOf(services).Store.ToCore(ClockOf(services));

    public static IVoiceRecorderFactory RecorderFactory(IServiceProvider services) => new VoiceRecorderFactory(
        CodecOf(services),
        services.GetService<IAudioDevices>(),
        services.GetRequiredService<VoiceRecorderOptions>(),
        LogOf(services, "VoiceKit.Recording"));

    public static IVoicePlayerFactory PlayerFactory(IServiceProvider services) => new VoicePlayerFactory(
        CodecOf(services),
        services.GetService<IAudioDevices>(),
        services.GetRequiredService<VoicePlayerOptions>(),
        LogOf(services, "VoiceKit.Playback"));

    public static IVoiceEncoder Encoder(IServiceProvider services) =>
        new VoiceEncoder(CodecOf(services), services.GetRequiredService<VoiceEncodingOptions>());

    public static IVoiceImporter Importer(IServiceProvider services)
    {
        var importer = new VoiceImporter(
            CodecOf(services), services.GetService<IAudioDecoder>(), services.GetRequiredService<VoiceImportOptions>());
        var log = LogOf(services, "VoiceKit.Importing");
        importer.Failed += (_, fault) => VoiceKitLog.ImportFault(log, fault);
        return importer;
    }

    public static IVoiceMessageStore Store(IServiceProvider services)
    {
        var folder = SettingsOf(services).Store.Folder
            ?? throw new InvalidOperationException("VoiceKit has no folder for its store: set Store:Folder in VoiceKitOptions.");
        var store = new VoiceMessageStore(folder, services.GetRequiredService<VoiceMessageStoreOptions>());
        var log = LogOf(services, "VoiceKit.Storage");
        store.Failed += (_, fault) => VoiceKitLog.StoreFault(log, fault);
        return store;
    }

    public static IAudioDevices Devices(
        IServiceProvider services, Func<IServiceProvider, CancellationToken, ValueTask<IAudioDevices>> open) =>
        new DeferredAudioDevices(token => open(services, token), LogOf(services, "VoiceKit.Audio"));

    public static InvalidOperationException NoDevices() =>
        new("VoiceKit has no audio devices: call UsePulseAudio or UseAudioDevices in AddVoiceKit.");

    private static IOpusCodec CodecOf(IServiceProvider services) => services.GetService<IOpusCodec>()
        ?? throw new InvalidOperationException("VoiceKit has no codec: call UseLibOpus or UseCodec in AddVoiceKit.");

    private static VoiceKitOptions SettingsOf(IServiceProvider services) =>
        services.GetRequiredService<IOptions<VoiceKitOptions>>().Value;

    private static TimeProvider ClockOf(IServiceProvider services) => services.GetService<TimeProvider>() ?? TimeProvider.System;

    private static ILogger LogOf(IServiceProvider services, string category) =>
        (services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger(category);
}
