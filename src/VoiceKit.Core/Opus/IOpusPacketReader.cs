namespace VoiceKit.Opus;

/// <summary>Reads the Opus packets of a container, one after the other, and tells where each stands in time.</summary>
public interface IOpusPacketReader : IDisposable
{
    /// <summary>The container.</summary>
    OpusContainer Container { get; }

    /// <summary>The identification header: of the current link in a chained Ogg file; made of what the container tells in others.</summary>
    OpusHead Head { get; }

    /// <summary>The comments; empty when there are none or they could not be read.</summary>
    OpusTags Tags { get; }

    /// <summary>The current link of a chained Ogg file (RFC 7845 §9), counted from 0; 0 in other containers.</summary>
    int Link { get; }

    /// <summary>The current packet. Valid until the next read or dispose; empty before the first read and after the end.</summary>
    ReadOnlySpan<byte> Packet { get; }

    /// <summary>Where the current packet stands in time.</summary>
    OpusPacketInfo PacketInfo { get; }

    /// <summary>What was found broken so far; the first 1000 of it.</summary>
    IReadOnlyList<OpusDefect> Defects { get; }

    /// <summary>How many defects were found so far, listed or not.</summary>
    long DefectCount { get; }

    /// <summary>Goes to the next packet.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="VoiceFormatException">The reader is strict and finds a defect.</exception>
    /// <exception cref="IOException">The input could not be read.</exception>
    /// <exception cref="ObjectDisposedException">The reader is disposed.</exception>
    bool Read();
}
