using VoiceKit.Opus;

namespace VoiceKit.Ogg;

/// <summary>
/// Writes Ogg Opus (RFC 7845) to a stream, which need not be seekable. Once a write has failed, every later call fails. Allocates
/// nothing per packet. Not thread-safe.
/// </summary>
public sealed class OggOpusWriter : IOpusPacketWriter
{
    private readonly OggOpusMuxer _muxer;
    private readonly OpusContainerWriter _writer;

    /// <summary>Creates a writer. The headers are written with the first page.</summary>
    /// <param name="stream">Where the bytes go.</param>
    /// <param name="head">The identification header; its pre-skip is the encoder's look-ahead.</param>
    /// <param name="tags">The comment header.</param>
    /// <param name="options">How to write; null for the defaults.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the writer is disposed.</param>
    /// <exception cref="ArgumentException">The stream cannot be written.</exception>
    public OggOpusWriter(Stream stream, OpusHead head, OpusTags tags, OpusWriterOptions? options = null, bool leaveOpen = false)
    {
        OpusContainerWriter.CheckOutput(stream);
        _muxer = new OggOpusMuxer(head, tags, options ?? new OpusWriterOptions());
        _writer = new OpusContainerWriter(stream, _muxer, leaveOpen);
    }

    /// <inheritdoc/>
    public long Duration => _writer.Duration;

    /// <inheritdoc/>
    public long PendingSize => _writer.PendingSize;

    /// <inheritdoc cref="OggOpusMuxer.PageCount"/>
    internal long PageCount => _muxer.PageCount;

    /// <inheritdoc/>
    public void WritePacket(ReadOnlySpan<byte> packet) => _writer.WritePacket(packet);

    /// <inheritdoc/>
    public ValueTask WritePacketAsync(ReadOnlyMemory<byte> packet, CancellationToken cancellationToken = default) =>
        _writer.WritePacketAsync(packet, cancellationToken);

    /// <inheritdoc/>
    public void Flush() => _writer.Flush();

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => _writer.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public void Finish(int trimEnd = 0) => _writer.Finish(trimEnd);

    /// <inheritdoc/>
    public ValueTask FinishAsync(int trimEnd = 0, CancellationToken cancellationToken = default) =>
        _writer.FinishAsync(trimEnd, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    /// <inheritdoc cref="OggOpusMuxer.PreviewEnd"/>
    internal byte[] PreviewEnd() => _muxer.PreviewEnd();
}
