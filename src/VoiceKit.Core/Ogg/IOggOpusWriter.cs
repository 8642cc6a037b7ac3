using VoiceKit.Opus;

namespace VoiceKit.Ogg;

/// <summary>Writes an Ogg Opus stream (RFC 7845) packet by packet.</summary>
public interface IOggOpusWriter : IOpusPacketWriter, IAsyncDisposable
{
    /// <summary>Writes a packet. It is buffered until its page is full, and the last packet until the next one comes.</summary>
    /// <param name="packet">A whole Opus packet; its duration is in its first bytes.</param>
    /// <param name="cancellationToken">Cancels writing to the output.</param>
    /// <exception cref="VoiceFormatException">The packet breaks RFC 6716 §3.4 or is larger than RFC 7845 §6 allows.</exception>
    /// <exception cref="InvalidOperationException">The stream is finished.</exception>
    /// <exception cref="IOException">The output could not be written; every later call throws the same.</exception>
    ValueTask WritePacketAsync(ReadOnlyMemory<byte> packet, CancellationToken cancellationToken = default);

    /// <summary>Ends the current page early and flushes the output, so that a reader gets all but the last packet.</summary>
    /// <exception cref="InvalidOperationException">The stream is finished.</exception>
    /// <exception cref="IOException">The output could not be written; every later call throws the same.</exception>
    void Flush();

    /// <summary>Ends the current page early and flushes the output, so that a reader gets all but the last packet.</summary>
    /// <param name="cancellationToken">Cancels writing to the output.</param>
    /// <exception cref="InvalidOperationException">The stream is finished.</exception>
    /// <exception cref="IOException">The output could not be written; every later call throws the same.</exception>
    ValueTask FlushAsync(CancellationToken cancellationToken = default);

    /// <summary>Writes the last page, marked as such. Disposing without it leaves a stream that is cut off.</summary>
    /// <param name="trimEnd">
    /// How many samples, at 48 kHz, a decoder drops at the end (RFC 7845 §4.4): 0 up to the last packet's duration.
    /// </param>
    /// <param name="cancellationToken">Cancels writing to the output.</param>
    /// <exception cref="ArgumentOutOfRangeException">The trim is negative or longer than the last packet.</exception>
    /// <exception cref="InvalidOperationException">
    /// No packet was written, the stream would end within its pre-skip, or it is finished.
    /// </exception>
    /// <exception cref="IOException">The output could not be written; every later call throws the same.</exception>
    ValueTask FinishAsync(int trimEnd = 0, CancellationToken cancellationToken = default);
}
