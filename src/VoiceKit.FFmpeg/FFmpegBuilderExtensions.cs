namespace VoiceKit.FFmpeg;

/// <summary>ffmpeg as the decoder of VoiceKit's services.</summary>
public static class FFmpegBuilderExtensions
{
    /// <summary>
    /// Imports what VoiceKit does not read itself with the ffmpeg program. It is not looked for before it is needed.
    /// </summary>
    /// <typeparam name="TBuilder">The builder's type.</typeparam>
    /// <param name="builder">What <c>AddVoiceKit</c> gives.</param>
    /// <param name="options">How the program is used; null for the defaults.</param>
    /// <returns>The same builder.</returns>
    public static TBuilder UseFFmpeg<TBuilder>(this TBuilder builder, FFmpegOptions? options = null)
        where TBuilder : IVoiceKitBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.TakeDecoder(new FFmpegDecoder(options));
        return builder;
    }
}
