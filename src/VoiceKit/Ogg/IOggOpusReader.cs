namespace VoiceKit.Ogg;

/// <summary>Reads the packets of an Ogg Opus stream (RFC 7845), one after the other.</summary>
public interface IOggOpusReader : IDisposable, IAsyncDisposable
{
    /// <summary>The identification header of the current link.</summary>
    OpusHead Head { get; }

    /// <summary>The comment header of the current link; empty when it could not be read.</summary>
    OpusTags Tags { get; }

    /// <summary>The current link of a chained file (RFC 7845 §9), counted from 0.</summary>
    int Link { get; }

    /// <summary>The current packet. Valid until the next read or dispose; empty before the first read and after the end.</summary>
    ReadOnlySpan<byte> Packet { get; }

    /// <summary>Where the current packet stands in time.</summary>
    OggOpusPacketInfo PacketInfo { get; }

    /// <summary>What was found broken so far; the first 1000 of it.</summary>
    IReadOnlyList<OggOpusDefect> Defects { get; }

    /// <summary>Goes to the next packet.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="VoiceFormatException">The reader is strict and finds a defect.</exception>
    /// <exception cref="IOException">The input could not be read.</exception>
    /// <exception cref="ObjectDisposedException">The reader is disposed.</exception>
    bool Read();

    /// <summary>Goes to the next packet.</summary>
    /// <param name="cancellationToken">Ends the wait for input.</param>
    /// <returns>False at the end.</returns>
    /// <exception cref="VoiceFormatException">The reader is strict and finds a defect.</exception>
    /// <exception cref="IOException">The input could not be read.</exception>
    /// <exception cref="ObjectDisposedException">The reader is disposed.</exception>
    ValueTask<bool> ReadAsync(CancellationToken cancellationToken = default);
}
