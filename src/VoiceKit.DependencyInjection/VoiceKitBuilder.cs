using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using VoiceKit.Audio;
using VoiceKit.FFmpeg;
using VoiceKit.LibOpus;
using VoiceKit.Opus;
using VoiceKit.PulseAudio;

namespace VoiceKit.DependencyInjection;

/// <summary>Chooses what VoiceKit's services work with. Where two choices are made of one kind, the later counts.</summary>
public sealed class VoiceKitBuilder
{
    internal VoiceKitBuilder(IServiceCollection services) => Services = services;

    /// <summary>The services that are being set up.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Changes the options, after what a configuration says.</summary>
    /// <param name="configure">Changes them.</param>
    public VoiceKitBuilder Configure(Action<VoiceKitOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Services.Configure(configure);
        return this;
    }

    /// <summary>
    /// Encodes and decodes with libopus, the platform's or that of VoiceKit.LibOpus.Native. Nothing is loaded before it is used.
    /// </summary>
    public VoiceKitBuilder UseLibOpus() => UseCodec(LibOpusCodec.Default);

    /// <summary>Encodes and decodes with a codec of the app's, which stays the app's to dispose.</summary>
    /// <param name="codec">The codec.</param>
    public VoiceKitBuilder UseCodec(IOpusCodec codec)
    {
        ArgumentNullException.ThrowIfNull(codec);
        return Use(ServiceDescriptor.Singleton<IOpusCodec>(codec));
    }

    /// <summary>Encodes and decodes with a codec that the container makes, and disposes in the end.</summary>
    /// <typeparam name="TCodec">The codec.</typeparam>
    public VoiceKitBuilder UseCodec<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TCodec>()
        where TCodec : class, IOpusCodec => Use(ServiceDescriptor.Singleton<IOpusCodec, TCodec>());

    /// <summary>
    /// Encodes and decodes with a codec that is made once, when it is first needed, and disposed with the container.
    /// </summary>
    /// <param name="create">Makes the codec.</param>
    public VoiceKitBuilder UseCodec(Func<IServiceProvider, IOpusCodec> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        return Use(ServiceDescriptor.Singleton<IOpusCodec>(create));
    }

    /// <summary>
    /// Records and plays on the devices of PulseAudio or PipeWire. The server is connected to when it is first needed.
    /// </summary>
    /// <param name="options">How the server is used; null for the defaults.</param>
    public VoiceKitBuilder UsePulseAudio(PulseAudioOptions? options = null) =>
        UseAudioDevices(async (_, token) => await PulseAudioDevices.OpenAsync(options, token).ConfigureAwait(false));

    /// <summary>Records and plays on devices of the app's, which stay the app's to dispose.</summary>
    /// <param name="devices">The devices.</param>
    public VoiceKitBuilder UseAudioDevices(IAudioDevices devices)
    {
        ArgumentNullException.ThrowIfNull(devices);
        return Use(ServiceDescriptor.Singleton<IAudioDevices>(devices));
    }

    /// <summary>
    /// Records and plays on devices that are opened when they are first needed, and disposed with the container. An opening that fails
    /// is tried again the next time.
    /// </summary>
    /// <param name="open">Opens them.</param>
    public VoiceKitBuilder UseAudioDevices(Func<IServiceProvider, CancellationToken, ValueTask<IAudioDevices>> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        return Use(ServiceDescriptor.Singleton<IAudioDevices>(services => VoiceKitServices.Devices(services, open)));
    }

    /// <summary>
    /// Imports what VoiceKit does not read itself with the ffmpeg program. It is not looked for before it is needed.
    /// </summary>
    /// <param name="options">How the program is used; null for the defaults.</param>
    public VoiceKitBuilder UseFFmpeg(FFmpegOptions? options = null) => UseDecoder(new FFmpegDecoder(options));

    /// <summary>Imports what VoiceKit does not read itself with a decoder of the app's.</summary>
    /// <param name="decoder">The decoder.</param>
    public VoiceKitBuilder UseDecoder(IAudioDecoder decoder)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        return Use(ServiceDescriptor.Singleton<IAudioDecoder>(decoder));
    }

    private VoiceKitBuilder Use(ServiceDescriptor service)
    {
        Services.Replace(service);
        return this;
    }
}
