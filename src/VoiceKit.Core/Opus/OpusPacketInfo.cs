namespace VoiceKit.Opus;

/// <summary>Where a packet stands in time. All lengths are samples per channel at 48 kHz.</summary>
/// <param name="Position">Of its first sample that is to be heard, on the file's time line, which starts at 0.</param>
/// <param name="Duration">What it decodes to, 120…5760.</param>
/// <param name="TrimStart">How many of its first samples to drop: pre-skip (RFC 7845 §4.2).</param>
/// <param name="TrimEnd">How many of its last samples to drop: end trimming (RFC 7845 §4.4).</param>
/// <param name="LostBefore">
/// How much audio is lost just before it and is to be concealed; counted in <paramref name="Position"/>.
/// </param>
public readonly record struct OpusPacketInfo(long Position, int Duration, int TrimStart, int TrimEnd, int LostBefore)
{
    /// <summary>How many of its samples, at 48 kHz, are to be heard.</summary>
    public int Playable => Duration - TrimStart - TrimEnd;
}
