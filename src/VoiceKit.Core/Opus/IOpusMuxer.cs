namespace VoiceKit.Opus;

/// <summary>
/// Makes a container of packets, without I/O: <see cref="OpusContainerWriter"/> brings what it makes to a stream.
/// </summary>
internal interface IOpusMuxer
{
    /// <inheritdoc cref="IOpusPacketWriter.Duration"/>
    long Duration { get; }

    /// <inheritdoc cref="IOpusPacketWriter.PendingSize"/>
    long PendingSize { get; }

    /// <summary>Whether there are bytes that were not yet taken with <see cref="ClearOutput"/>.</summary>
    bool HasOutput { get; }

    /// <summary>Bytes to write: all there are, or the first piece of them. Valid until the next call.</summary>
    ReadOnlyMemory<byte> Output { get; }

    /// <summary>What is to be written over earlier bytes once the stream is finished; only where the output can seek.</summary>
    IReadOnlyList<OpusMuxerPatch> Patches { get; }

    /// <summary>Tells that <see cref="Output"/> was written.</summary>
    void ClearOutput();

    /// <inheritdoc cref="IOpusPacketWriter.WritePacket"/>
    void WritePacket(ReadOnlySpan<byte> packet);

    /// <inheritdoc cref="IOpusPacketWriter.Flush"/>
    void Flush();

    /// <inheritdoc cref="IOpusPacketWriter.Finish"/>
    void Finish(int trimEnd);
}
