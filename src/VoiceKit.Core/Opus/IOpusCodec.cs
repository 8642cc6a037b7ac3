namespace VoiceKit.Opus;

/// <summary>A maker of Opus encoders and decoders. Thread-safe; one instance serves a whole app.</summary>
public interface IOpusCodec : IOpusEncoderFactory, IOpusDecoderFactory
{
    /// <summary>What does the work, with its version, for example <c>libopus 1.3.1</c>: the vendor string of OpusTags.</summary>
    /// <exception cref="OpusCodecException">The codec's library cannot be loaded.</exception>
    new string Name { get; }

    string IOpusEncoderFactory.Name => Name;

    string IOpusDecoderFactory.Name => Name;
}
