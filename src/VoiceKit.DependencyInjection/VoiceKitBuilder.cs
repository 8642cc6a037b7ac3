using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using VoiceKit.Audio;
using VoiceKit.Opus;

namespace VoiceKit.DependencyInjection;

/// <summary>Chooses what VoiceKit's services work with. Of two choices of one kind the later one counts.</summary>
/// <remarks>
/// Packages add to it what they bring: <c>UseLibOpus</c>, <c>UseConcentus</c>, <c>UsePulseAudio</c>, <c>UseNAudio</c>,
/// <c>UseFFmpeg</c>; and the package VoiceKit <c>UseSystem</c>, which is a codec and the devices of any system.
/// </remarks>
public sealed class VoiceKitBuilder : IVoiceKitBuilder
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

    /// <summary>Records and plays on devices of the app's, which stay the app's to dispose.</summary>
    /// <param name="devices">The devices.</param>
    public VoiceKitBuilder UseAudioDevices(IAudioDevices devices)
    {
        ArgumentNullException.ThrowIfNull(devices);
        return Use(ServiceDescriptor.Singleton<IAudioDevices>(devices));
    }

    /// <summary>
    /// Records and plays on devices that are opened when they are first needed, and disposed with the container. An opening that
    /// fails is tried again the next time.
    /// </summary>
    /// <param name="open">Opens them.</param>
    public VoiceKitBuilder UseAudioDevices(Func<IServiceProvider, CancellationToken, ValueTask<IAudioDevices>> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        return Use(ServiceDescriptor.Singleton<IAudioDevices>(services => VoiceKitServices.Devices(services, open)));
    }

    /// <summary>Imports what VoiceKit does not read itself with a decoder of the app's.</summary>
    /// <param name="decoder">The decoder.</param>
    public VoiceKitBuilder UseDecoder(IAudioDecoder decoder)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        return Use(ServiceDescriptor.Singleton<IAudioDecoder>(decoder));
    }

    void IVoiceKitBuilder.TakeCodec(IOpusCodec codec) => UseCodec(codec);

    void IVoiceKitBuilder.TakeDecoder(IAudioDecoder decoder) => UseDecoder(decoder);

    void IVoiceKitBuilder.TakeAudioDevices(Func<CancellationToken, ValueTask<IAudioDevices>> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        UseAudioDevices((_, token) => open(token));
    }

    private VoiceKitBuilder Use(ServiceDescriptor service)
    {
        Services.Replace(service);
        return this;
    }
}
