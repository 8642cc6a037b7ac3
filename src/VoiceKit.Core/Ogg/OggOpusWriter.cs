using VoiceKit.Opus;

namespace VoiceKit.Ogg;

/// <summary>
/// Writes Ogg Opus (RFC 7845) to a stream, which need not be seekable. Allocates nothing per packet. Not thread-safe.
/// </summary>
public sealed class OggOpusWriter : OpusContainerWriter
{
    private readonly OggOpusMuxer _muxer;

    /// <summary>Creates a writer. The headers are written with the first page.</summary>
    /// <param name="stream">Where the bytes go.</param>
    /// <param name="head">The identification header; its pre-skip is the encoder's look-ahead.</param>
    /// <param name="tags">The comment header.</param>
    /// <param name="options">How to write; null for the defaults.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the writer is disposed.</param>
    /// <exception cref="ArgumentException">The stream cannot be written.</exception>
    public OggOpusWriter(Stream stream, OpusHead head, OpusTags tags, OggOpusWriterOptions? options = null, bool leaveOpen = false)
        : this(CheckOutput(stream), new OggOpusMuxer(head, tags, options ?? new OggOpusWriterOptions()), leaveOpen)
    {
    }

    private OggOpusWriter(Stream stream, OggOpusMuxer muxer, bool leaveOpen)
        : base(stream, muxer, leaveOpen) => _muxer = muxer;

    /// <inheritdoc cref="OggOpusMuxer.PageCount"/>
    internal long PageCount => _muxer.PageCount;

    /// <inheritdoc cref="OggOpusMuxer.PreviewEnd"/>
    internal byte[] PreviewEnd() => _muxer.PreviewEnd();
}
