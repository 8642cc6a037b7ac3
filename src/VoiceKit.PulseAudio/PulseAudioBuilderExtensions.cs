namespace VoiceKit.PulseAudio;

/// <summary>PulseAudio as the devices of VoiceKit's services.</summary>
public static class PulseAudioBuilderExtensions
{
    /// <summary>
    /// Records and plays on the devices of PulseAudio or PipeWire. The server is connected to when it is first needed.
    /// </summary>
    /// <typeparam name="TBuilder">The builder's type.</typeparam>
    /// <param name="builder">What <c>AddVoiceKit</c> gives.</param>
    /// <param name="options">How the server is used; null for the defaults.</param>
    /// <returns>The same builder.</returns>
    public static TBuilder UsePulseAudio<TBuilder>(this TBuilder builder, PulseAudioOptions? options = null)
        where TBuilder : IVoiceKitBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.TakeAudioDevices(async token => await PulseAudioDevices.OpenAsync(options, token).ConfigureAwait(false));
        return builder;
    }
}
