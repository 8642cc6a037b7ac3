using VoiceKit.Opus;

namespace VoiceKit.WebM;

/// <summary>
/// Writes Opus as WebM (RFC 9559, Matroska's mapping of A_OPUS) to a stream. When the stream can seek, the duration, an index and
/// the size are filled in at the end; when not, the file has none of them, as a live stream. Reproducible to the byte. Allocates
/// nothing per packet. Not thread-safe.
/// </summary>
internal sealed class WebMOpusWriter : OpusContainerWriter
{
    /// <summary>Creates a writer. The headers are written with the first packet.</summary>
    /// <param name="stream">Where the bytes go, from where the stream stands.</param>
    /// <param name="head">The identification header; its pre-skip is the encoder's look-ahead.</param>
    /// <param name="tags">The comments; the vendor is written as the file's WritingApp.</param>
    /// <param name="options">How to write; null for the defaults.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the writer is disposed.</param>
    /// <exception cref="ArgumentException">The stream cannot be written.</exception>
    /// <exception cref="IOException">The stream's position could not be read.</exception>
    public WebMOpusWriter(
        Stream stream, OpusHead head, OpusTags tags, OpusWriterOptions? options = null, bool leaveOpen = false)
        : base(
            CheckOutput(stream),
            new MatroskaMuxer(head, tags, options ?? new OpusWriterOptions(), stream.CanSeek),
            leaveOpen)
    {
    }
}
