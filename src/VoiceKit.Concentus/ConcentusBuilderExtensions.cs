namespace VoiceKit.Concentus;

/// <summary>Concentus as the codec of VoiceKit's services.</summary>
public static class ConcentusBuilderExtensions
{
    /// <summary>Encodes and decodes with Concentus, in managed code alone.</summary>
    /// <typeparam name="TBuilder">The builder's type.</typeparam>
    /// <param name="builder">What <c>AddVoiceKit</c> gives.</param>
    /// <returns>The same builder.</returns>
    public static TBuilder UseConcentus<TBuilder>(this TBuilder builder)
        where TBuilder : IVoiceKitBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.TakeCodec(ConcentusCodec.Default);
        return builder;
    }
}
