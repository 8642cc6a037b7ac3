namespace VoiceKit.Audio;

/// <summary>What stands before an AIFF file's samples.</summary>
/// <param name="Format">Rate and channels.</param>
/// <param name="Coding">How a sample is coded, but for its byte order.</param>
/// <param name="ByteOrder">The order of a sample's bytes.</param>
/// <param name="DataStart">Where the first sample lies, from the start of the file.</param>
/// <param name="FrameCount">The frames stated; null when they go on to the end of the stream.</param>
internal readonly record struct AiffHeader(
    AudioFormat Format, WavCoding Coding, AiffByteOrder ByteOrder, long DataStart, long? FrameCount)
{
    /// <summary>Where the sample rate stands, from the start of the file.</summary>
    public long RateOffset { get; init; } = -1;

    /// <summary>The bytes of one frame.</summary>
    public int BlockAlign => Format.Channels * Coding.BytesPerSample();
}

/// <summary>How an AIFF file's samples differ from those of a WAV file of the same coding.</summary>
internal enum AiffByteOrder
{
    /// <summary>As in a WAV file.</summary>
    Little,

    /// <summary>The first byte has the highest bits.</summary>
    Big,

    /// <summary>One byte in two's complement, where WAV has an offset.</summary>
    SignedByte,
}
