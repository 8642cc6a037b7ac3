using VoiceKit.Opus;

namespace VoiceKit.Testing;

/// <summary>
/// A codec for tests: it needs no library, is fast, and gives the same bytes for the same audio on every machine. What it encodes
/// it decodes to nearly the same audio, in telephone quality; no other decoder does, though its packets are well formed.
/// </summary>
/// <remarks>
/// The audio is kept as one byte for each sample at 8 kHz (64 kbit/s for each channel), whatever the bitrate that is asked for.
/// The encoder looks ahead by 6.5 ms, as real ones do. Packets of other encoders decode to silence of the right length.
/// </remarks>
public sealed class TestOpusCodec : IOpusCodec
{
    /// <summary>The codec; one serves all tests.</summary>
    public static TestOpusCodec Default { get; } = new();

    /// <inheritdoc/>
    public string Name { get; init; } = "VoiceKit.Testing";

    /// <summary>
    /// What making an encoder or a decoder throws, as with a library that is missing; null, the default, when it works.
    /// </summary>
    public OpusCodecException? Fault { get; init; }

    /// <inheritdoc/>
    public IOpusEncoder CreateEncoder(OpusEncoderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Fault is null ? new TestOpusEncoder(options) : throw Fault;
    }

    /// <inheritdoc/>
    public IOpusDecoder CreateDecoder(int sampleRate, int channels)
    {
        if (sampleRate is not (8_000 or 12_000 or 16_000 or 24_000 or 48_000))
            throw new ArgumentOutOfRangeException(nameof(sampleRate), sampleRate, "The rate is none of Opus.");
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, 2);
        return Fault is null ? new TestOpusDecoder(sampleRate, channels) : throw Fault;
    }
}
