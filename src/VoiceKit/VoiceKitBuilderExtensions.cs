namespace VoiceKit;

/// <summary>The codec and the devices of this system for VoiceKit's services.</summary>
public static class VoiceKitBuilderExtensions
{
    /// <summary>
    /// Encodes with <see cref="VoiceCodec.Default"/>, and records and plays on what <see cref="VoiceDevices.OpenAsync"/> opens
    /// when it is first needed.
    /// </summary>
    /// <typeparam name="TBuilder">The builder's type.</typeparam>
    /// <param name="builder">What <c>AddVoiceKit</c> gives.</param>
    /// <returns>The same builder.</returns>
    public static TBuilder UseSystem<TBuilder>(this TBuilder builder)
        where TBuilder : IVoiceKitBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.TakeCodec(VoiceCodec.Default);
        builder.TakeAudioDevices(VoiceDevices.OpenAsync);
        return builder;
    }
}
