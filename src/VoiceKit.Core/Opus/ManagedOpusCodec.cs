namespace VoiceKit.Opus;

/// <summary>
/// Decodes Opus in C# alone, without native code: memory-safe, and the same samples on every system. It does not encode.
/// </summary>
public sealed class ManagedOpusCodec : IOpusDecoderFactory
{
    /// <summary>The codec: it has no state of its own.</summary>
    public static ManagedOpusCodec Default { get; } = new();

    /// <inheritdoc/>
    public string Name { get; } = $"VoiceKit {typeof(ManagedOpusCodec).Assembly.GetName().Version?.ToString(3)}";

    /// <inheritdoc/>
    public IOpusDecoder CreateDecoder(int sampleRate, int channels)
    {
        if (!OpusRates.IsSupported(sampleRate))
            throw new ArgumentOutOfRangeException(nameof(sampleRate), sampleRate, "Opus gives 8, 12, 16, 24 or 48 kHz.");
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, 2);
        return new ManagedOpusDecoder(sampleRate, channels);
    }
}
