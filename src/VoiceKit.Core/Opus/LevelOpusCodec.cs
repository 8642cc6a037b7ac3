namespace VoiceKit.Opus;

/// <summary>
/// Makes decoders whose PCM is as loud as the audio, and no more is promised of it: what their rate cannot carry is a tone in it.
/// </summary>
internal sealed class LevelOpusCodec : IOpusDecoderFactory
{
    /// <summary>The rate to decode at: the highest at which nothing above 8 kHz is decoded.</summary>
    public const int Rate = 16_000;

    /// <summary>The codec: it has no state of its own.</summary>
    public static LevelOpusCodec Default { get; } = new();

    /// <inheritdoc/>
    public string Name => ManagedOpusCodec.Default.Name;

    /// <inheritdoc/>
    public IOpusDecoder CreateDecoder(int sampleRate, int channels) =>
        new ManagedOpusDecoder(sampleRate, channels, isForLevels: true);
}
