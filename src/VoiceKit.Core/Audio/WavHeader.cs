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

    /// <summary>How many bits of a sample are said to be used.</summary>
    public int ValidBits { get; init; }

    /// <summary>How far samples of four bytes stand below where they should: that many bits are used in vain.</summary>
    public int Shift { get; init; }

    /// <summary>Whether the most significant byte comes first (RIFX).</summary>
    public bool IsBigEndian { get; init; }

    /// <summary>The bytes of one frame.</summary>
    public int BlockAlign => Format.Channels * Coding.BytesPerSample();
}
