namespace VoiceKit.Opus;

/// <summary>A maker of Opus decoders. Thread-safe; one instance serves a whole app.</summary>
public interface IOpusDecoderFactory
{
    /// <summary>What does the work, with its version, for example <c>libopus 1.3.1</c>.</summary>
    /// <exception cref="OpusCodecException">The codec's library cannot be loaded.</exception>
    string Name { get; }

    /// <summary>Creates a decoder. Any packet can be decoded at any rate and with either number of channels.</summary>
    /// <param name="sampleRate">The rate of the PCM it gives: 8000, 12000, 16000, 24000 or 48000 Hz.</param>
    /// <param name="channels">The channels of the PCM it gives, 1 or 2; the decoder mixes as needed.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate or the number of channels is not one of those.</exception>
    /// <exception cref="OpusCodecException">The codec's library cannot be loaded.</exception>
    IOpusDecoder CreateDecoder(int sampleRate, int channels);
}
