namespace VoiceKit.Opus;

/// <summary>Writes Opus packets into a container, one after the other. Not thread-safe.</summary>
public interface IOpusPacketWriter : IDisposable, IAsyncDisposable
{
    /// <summary>The duration of all packets so far, in samples at 48 kHz, pre-skip included.</summary>
    long Duration { get; }

    /// <summary>About how many bytes would still be written if the stream were finished now.</summary>
    long PendingSize => 0;

    /// <summary>
    /// Writes a packet. It may be held back until its page or cluster is full, and the last packet until the next one comes.
    /// </summary>
    /// <param name="packet">A whole Opus packet; its duration is in its first bytes.</param>
    /// <exception cref="VoiceFormatException">The packet breaks RFC 6716 §3.4 or is larger than RFC 7845 §6 allows.</exception>
    /// <exception cref="InvalidOperationException">The stream is finished.</exception>
    /// <exception cref="IOException">The output could not be written; every later call throws the same.</exception>
    void WritePacket(ReadOnlySpan<byte> packet);

    /// <summary>Writes a packet, as <see cref="WritePacket"/> does. Never blocks on the output.</summary>
    /// <param name="packet">A whole Opus packet; its duration is in its first bytes.</param>
    /// <param name="cancellationToken">Cancels writing to the output, which cannot be used after that.</param>
    /// <exception cref="VoiceFormatException">The packet breaks RFC 6716 §3.4 or is larger than RFC 7845 §6 allows.</exception>
    /// <exception cref="InvalidOperationException">The stream is finished.</exception>
    /// <exception cref="IOException">The output could not be written; every later call throws the same.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask WritePacketAsync(ReadOnlyMemory<byte> packet, CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends the current page or cluster early and flushes the output, so that a reader gets all but the last packet. Where a
    /// container can only be read when it is whole, what was written so far is brought to the output.
    /// </summary>
    /// <exception cref="InvalidOperationException">The stream is finished.</exception>
    /// <exception cref="IOException">The output could not be written; every later call throws the same.</exception>
    void Flush();

    /// <summary>Flushes, as <see cref="Flush"/> does. Never blocks on the output.</summary>
    /// <param name="cancellationToken">Cancels writing to the output, which cannot be used after that.</param>
    /// <exception cref="InvalidOperationException">The stream is finished.</exception>
    /// <exception cref="IOException">The output could not be written; every later call throws the same.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask FlushAsync(CancellationToken cancellationToken = default);

    /// <summary>Ends the stream. Disposing without it leaves a stream that is cut off.</summary>
    /// <param name="trimEnd">
    /// How many samples, at 48 kHz, a decoder drops at the end (RFC 7845 §4.4): 0 up to the last packet's duration.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The trim is negative or longer than the last packet.</exception>
    /// <exception cref="InvalidOperationException">
    /// No packet was written, the stream would end within its pre-skip, or it is finished.
    /// </exception>
    /// <exception cref="IOException">The output could not be written; every later call throws the same.</exception>
    void Finish(int trimEnd = 0);

    /// <summary>Ends the stream, as <see cref="Finish"/> does. Never blocks on the output.</summary>
    /// <param name="trimEnd">
    /// How many samples, at 48 kHz, a decoder drops at the end (RFC 7845 §4.4): 0 up to the last packet's duration.
    /// </param>
    /// <param name="cancellationToken">Cancels writing to the output, which cannot be used after that.</param>
    /// <exception cref="ArgumentOutOfRangeException">The trim is negative or longer than the last packet.</exception>
    /// <exception cref="InvalidOperationException">
    /// No packet was written, the stream would end within its pre-skip, or it is finished.
    /// </exception>
    /// <exception cref="IOException">The output could not be written; every later call throws the same.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask FinishAsync(int trimEnd = 0, CancellationToken cancellationToken = default);
}
