namespace VoiceKit.LibOpus;

/// <summary>libopus as the codec of VoiceKit's services.</summary>
public static class LibOpusBuilderExtensions
{
    /// <summary>
    /// Encodes and decodes with libopus, the platform's or that of VoiceKit.LibOpus.Native. Nothing is loaded before it is used.
    /// </summary>
    /// <typeparam name="TBuilder">The builder's type.</typeparam>
    /// <param name="builder">What <c>AddVoiceKit</c> gives.</param>
    /// <returns>The same builder.</returns>
    public static TBuilder UseLibOpus<TBuilder>(this TBuilder builder)
        where TBuilder : IVoiceKitBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.TakeCodec(LibOpusCodec.Default);
        return builder;
    }
}
