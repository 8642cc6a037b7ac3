namespace VoiceKit.Opus;

/// <summary>A maker of Opus encoders and decoders. Thread-safe; one instance serves a whole app.</summary>
public interface IOpusCodec
{
    /// <summary>What does the work, with its version, for example <c>libopus 1.3.1</c>: the vendor string of OpusTags.</summary>
    /// <exception cref="OpusCodecException">The codec's library cannot be loaded.</exception>
    string Name { get; }

    /// <summary>Creates an encoder.</summary>
    /// <param name="options">Its settings; read once, so later changes to the object have no effect.</param>
    /// <exception cref="OpusCodecException">The codec's library cannot be loaded or refuses a setting.</exception>
    IOpusEncoder CreateEncoder(OpusEncoderOptions options);

    /// <summary>Creates a decoder. Any packet can be decoded at any rate and with either number of channels.</summary>
    /// <param name="sampleRate">The rate of the PCM it gives: 8000, 12000, 16000, 24000 or 48000 Hz.</param>
    /// <param name="channels">The channels of the PCM it gives, 1 or 2; the decoder mixes as needed.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate or the number of channels is not one of those.</exception>
    /// <exception cref="OpusCodecException">The codec's library cannot be loaded.</exception>
    IOpusDecoder CreateDecoder(int sampleRate, int channels);
}
