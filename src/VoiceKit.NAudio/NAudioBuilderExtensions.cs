using System.Runtime.Versioning;

namespace VoiceKit.NAudio;

/// <summary>WASAPI as the devices of VoiceKit's services.</summary>
public static class NAudioBuilderExtensions
{
    /// <summary>
    /// Records and plays on the devices of Windows, through WASAPI. They are looked for when they are first needed.
    /// </summary>
    /// <typeparam name="TBuilder">The builder's type.</typeparam>
    /// <param name="builder">What <c>AddVoiceKit</c> gives.</param>
    /// <param name="options">How the devices are used; null for the defaults.</param>
    /// <returns>The same builder.</returns>
    [SupportedOSPlatform("windows")]
    public static TBuilder UseNAudio<TBuilder>(this TBuilder builder, WasapiOptions? options = null)
        where TBuilder : IVoiceKitBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.TakeAudioDevices(async token => await WasapiDevices.OpenAsync(options, token).ConfigureAwait(false));
        return builder;
    }
}
