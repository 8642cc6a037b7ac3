using VoiceKit.Opus;

namespace VoiceKit.Ogg;

/// <summary>Reads the packets of an Ogg Opus stream (RFC 7845), one after the other, with or without waiting for input.</summary>
public interface IOggOpusReader : IOpusPacketReader, IAsyncDisposable
{
    /// <summary>Goes to the next packet.</summary>
    /// <param name="cancellationToken">Ends the wait for input.</param>
    /// <returns>False at the end.</returns>
    /// <exception cref="VoiceFormatException">The reader is strict and finds a defect.</exception>
    /// <exception cref="IOException">The input could not be read.</exception>
    /// <exception cref="ObjectDisposedException">The reader is disposed.</exception>
    ValueTask<bool> ReadAsync(CancellationToken cancellationToken = default);
}
