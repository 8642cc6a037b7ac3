namespace VoiceKit.Opus;

/// <summary>Writes Opus packets into a container, one after the other.</summary>
public interface IOpusPacketWriter : IDisposable
{
    /// <summary>The duration of all packets so far, in samples at 48 kHz, pre-skip included.</summary>
    long Duration { get; }

    /// <summary>Writes a packet. It may be held back until its page or cluster is full, and the last packet until the next one comes.</summary>
    /// <param name="packet">A whole Opus packet; its duration is in its first bytes.</param>
    /// <exception cref="VoiceFormatException">The packet breaks RFC 6716 §3.4 or is larger than RFC 7845 §6 allows.</exception>
    /// <exception cref="InvalidOperationException">The stream is finished.</exception>
    /// <exception cref="IOException">The output could not be written; every later call throws the same.</exception>
    void WritePacket(ReadOnlySpan<byte> packet);

    /// <summary>Ends the stream. Disposing without it leaves a stream that is cut off.</summary>
    /// <param name="trimEnd">How many samples, at 48 kHz, a decoder drops at the end: 0 up to the last packet's duration.</param>
    /// <exception cref="ArgumentOutOfRangeException">The trim is negative or longer than the last packet.</exception>
    /// <exception cref="InvalidOperationException">
    /// No packet was written, the stream would end within its pre-skip, or it is finished.
    /// </exception>
    /// <exception cref="IOException">The output could not be written; every later call throws the same.</exception>
    void Finish(int trimEnd = 0);
}
