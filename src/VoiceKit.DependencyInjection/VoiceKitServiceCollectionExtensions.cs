using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using VoiceKit;
using VoiceKit.DependencyInjection;
using VoiceKit.Importing;
using VoiceKit.Playback;
using VoiceKit.Recording;
using VoiceKit.Storage;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds VoiceKit to an app's services.</summary>
public static class VoiceKitServiceCollectionExtensions
{
    /// <summary>Adds VoiceKit's services. Called again, it adds nothing twice, and what is chosen later counts.</summary>
    /// <remarks>
    /// <para>
    /// All are singletons: <see cref="IVoiceRecorderFactory"/>, <see cref="IVoicePlayerFactory"/>,
    /// <see cref="IVoiceEncoder"/>, <see cref="IVoiceImporter"/>, <see cref="IVoiceMessageStore"/> and
    /// <see cref="VoiceDrafts"/>; and what was chosen: <see cref="VoiceKit.Opus.IOpusCodec"/>,
    /// <see cref="VoiceKit.Audio.IAudioDevices"/>, <see cref="VoiceKit.Audio.IAudioDecoder"/>.
    /// </para>
    /// <para>
    /// So are the library's own options, of <see cref="VoiceKitOptions"/>: <see cref="VoiceEncodingOptions"/>,
    /// <see cref="VoiceRecorderOptions"/>, <see cref="VoicePlayerOptions"/>,
    /// <see cref="VoiceImportOptions"/>, <see cref="VoiceMessageStoreOptions"/>. An app that adds one
    /// of these itself has it used.
    /// </para>
    /// <para>
    /// Failures are logged where the app logs, with nothing personal above Debug; time is told by the app's
    /// <see cref="TimeProvider"/> if it has one.
    /// </para>
    /// </remarks>
    /// <param name="services">The app's services.</param>
    /// <param name="configure">
    /// Chooses codec, devices, decoder and options: <c>b => b.UseLibOpus().UsePulseAudio().UseFFmpeg()</c>.
    /// </param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddVoiceKit(this IServiceCollection services, Action<VoiceKitBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<VoiceKitOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<VoiceKitOptions>, VoiceKitOptionsValidator>());
        services.TryAddSingleton<VoiceEncodingOptions>(VoiceKitServices.EncodingOptions);
        services.TryAddSingleton<VoiceDrafts>(VoiceKitServices.Drafts);
        services.TryAddSingleton<VoiceRecorderOptions>(VoiceKitServices.RecorderOptions);
        services.TryAddSingleton<VoicePlayerOptions>(VoiceKitServices.PlayerOptions);
        services.TryAddSingleton<VoiceImportOptions>(VoiceKitServices.ImportOptions);
        services.TryAddSingleton<VoiceMessageStoreOptions>(VoiceKitServices.StoreOptions);
        services.TryAddSingleton<IVoiceRecorderFactory>(VoiceKitServices.RecorderFactory);
        services.TryAddSingleton<IVoicePlayerFactory>(VoiceKitServices.PlayerFactory);
        services.TryAddSingleton<IVoiceEncoder>(VoiceKitServices.Encoder);
        services.TryAddSingleton<IVoiceImporter>(VoiceKitServices.Importer);
        services.TryAddSingleton<IVoiceMessageStore>(VoiceKitServices.Store);
        configure?.Invoke(new VoiceKitBuilder(services));
        return services;
    }

    /// <summary>
    /// Adds VoiceKit's services as <see cref="AddVoiceKit(IServiceCollection, Action{VoiceKitBuilder}?)"/> does, with options
    /// from a configuration.
    /// </summary>
    /// <param name="services">The app's services.</param>
    /// <param name="configuration">
    /// The section with the options, <c>configuration.GetSection("VoiceKit")</c> for instance; its keys are the names of
    /// the library's options: <c>Encoding:Bitrate</c>, <c>Recording:MaxDuration</c>, <c>Store:Folder</c>; <c>Encoding:Profile</c>
    /// names a platform whose voice messages are made.
    /// </param>
    /// <param name="configure">Chooses codec, devices and decoder, and changes options after the configuration.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddVoiceKit(
        this IServiceCollection services, IConfiguration configuration, Action<VoiceKitBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddSingleton<IConfigureOptions<VoiceKitOptions>>(new VoiceKitConfiguration(configuration));
        services.AddSingleton<IOptionsChangeTokenSource<VoiceKitOptions>>(
            new ConfigurationChangeTokenSource<VoiceKitOptions>(configuration));
        return services.AddVoiceKit(configure);
    }
}
