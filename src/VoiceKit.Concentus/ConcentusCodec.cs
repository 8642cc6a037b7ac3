using VoiceKit.Opus;
using ManagedDecoder = Concentus.Structs.OpusDecoder;

namespace VoiceKit.Concentus;

/// <summary>
/// Opus in managed code alone, by the package Concentus, for systems without a native library. A native library is never used,
/// even where Concentus could find one.
/// </summary>
/// <remarks>
/// <para>
/// Concentus is libopus 1.1 in fixed point: what goes in and comes out has 16 bits, and is clipped at ±1. It takes all options.
/// Packets of 80, 100 and 120 ms are made of frames of 20 ms. Bitrates end at 300 kbit/s a channel, and at 1275 bytes a packet of
/// up to 60 ms. Below 48 kHz, hybrid packets (RFC 6716 §2) are decoded at 48 kHz and brought to the lower rate, which delays by
/// 0.15 ms at most.
/// </para>
/// <para>
/// It allocates for each packet of 20 ms, mono: 124 KB to encode and 24 KB to decode hybrid packets, 79 and 7 KB SILK, 71 and 22
/// KB CELT; stereo takes up to half as much again, and longer packets more in proportion.
/// </para>
/// </remarks>
public sealed class ConcentusCodec : IOpusCodec
{
    internal const string LibraryName = "Concentus";

    /// <summary>The codec: it has no state of its own.</summary>
    public static ConcentusCodec Default { get; } = new();

    /// <inheritdoc/>
    public string Name { get; } = $"{LibraryName} {typeof(ManagedDecoder).Assembly.GetName().Version?.ToString(3)}";

    /// <inheritdoc/>
    public IOpusEncoder CreateEncoder(OpusEncoderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new ConcentusEncoder(options);
    }

    /// <inheritdoc/>
    public IOpusDecoder CreateDecoder(int sampleRate, int channels)
    {
        if (!OpusRates.IsSupported(sampleRate))
        {
            throw new ArgumentOutOfRangeException(
                nameof(sampleRate), sampleRate, "Opus gives 8000, 12000, 16000, 24000 or 48000 Hz.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, 2);
        return new ConcentusDecoder(sampleRate, channels);
    }
}
