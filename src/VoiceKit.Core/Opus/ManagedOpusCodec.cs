namespace VoiceKit.Opus;

/// <summary>
/// Decodes Opus in C# alone, without native code: memory-safe, and the same samples on every system. It does not encode.
/// </summary>
public sealed class ManagedOpusCodec : IOpusCodec
{
    /// <summary>The codec: it has no state of its own.</summary>
    public static ManagedOpusCodec Default { get; } = new();

    /// <inheritdoc/>
    public string Name => "VoiceKit";

    /// <summary>Always throws: the codec only decodes.</summary>
    /// <param name="options">Not used.</param>
    /// <exception cref="NotSupportedException">Always.</exception>
    public IOpusEncoder CreateEncoder(OpusEncoderOptions options) =>
        throw new NotSupportedException("This codec only decodes. To encode, give a codec that does, for example that of VoiceKit.LibOpus.");

    /// <inheritdoc/>
    public IOpusDecoder CreateDecoder(int sampleRate, int channels)
    {
        if (!OpusRates.IsSupported(sampleRate))
            throw new ArgumentOutOfRangeException(nameof(sampleRate), sampleRate, "Opus gives 8000, 12000, 16000, 24000 or 48000 Hz.");
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, 2);
        return new ManagedOpusDecoder(sampleRate, channels);
    }
}
