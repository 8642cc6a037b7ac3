namespace VoiceKit.Audio;

/// <summary>What a WAV file says before its samples.</summary>
/// <param name="Format">Sample rate and channels.</param>
/// <param name="Coding">How one sample is stored.</param>
/// <param name="DataStart">The offset of the first sample.</param>
/// <param name="DataSize">The bytes of sound; null when they go on to the end of the stream.</param>
internal readonly record struct WavHeader(AudioFormat Format, WavCoding Coding, long DataStart, long? DataSize)
{
    /// <summary>The offset of the field with the sample rate.</summary>
    public long RateOffset { get; init; } = -1;

    /// <summary>The bytes of one frame.</summary>
    public int BlockAlign => Format.Channels * Coding.BytesPerSample();
}
