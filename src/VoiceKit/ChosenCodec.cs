using VoiceKit.Opus;

namespace VoiceKit;

/// <summary>An encoder, and the decoder of the core.</summary>
internal sealed class ChosenCodec : IOpusCodec
{
    private ChosenCodec(IOpusEncoderFactory encoders, string? fallbackReason)
    {
        Encoders = encoders;
        FallbackReason = fallbackReason;
    }

    public IOpusEncoderFactory Encoders { get; }

    public string? FallbackReason { get; }

    /// <summary>The encoder's: it becomes the vendor of messages (RFC 7845 §5.2).</summary>
    public string Name => Encoders.Name;

    /// <summary>Takes the preferred encoder where its library loads.</summary>
    public static ChosenCodec Choose(IOpusEncoderFactory preferred, IOpusEncoderFactory fallback)
    {
        try
        {
            _ = preferred.Name; // Loads the library.
            return new ChosenCodec(preferred, null);
        }
        catch (OpusCodecException exception)
        {
            return new ChosenCodec(fallback, exception.Message);
        }
    }

    public IOpusEncoder CreateEncoder(OpusEncoderOptions options) => Encoders.CreateEncoder(options);

    public IOpusDecoder CreateDecoder(int sampleRate, int channels) =>
        ManagedOpusCodec.Default.CreateDecoder(sampleRate, channels);
}
