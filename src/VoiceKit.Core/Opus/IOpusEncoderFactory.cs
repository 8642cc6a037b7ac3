namespace VoiceKit.Opus;

/// <summary>A maker of Opus encoders. Thread-safe; one instance serves a whole app.</summary>
public interface IOpusEncoderFactory
{
    /// <summary>What does the work, with its version, for example <c>libopus 1.3.1</c>: the vendor string of OpusTags.</summary>
    /// <exception cref="OpusCodecException">The codec's library cannot be loaded.</exception>
    string Name { get; }

    /// <summary>Creates an encoder.</summary>
    /// <param name="options">Its settings; read once, so later changes to the object have no effect.</param>
    /// <exception cref="OpusCodecException">The codec's library cannot be loaded or refuses a setting.</exception>
    IOpusEncoder CreateEncoder(OpusEncoderOptions options);
}
