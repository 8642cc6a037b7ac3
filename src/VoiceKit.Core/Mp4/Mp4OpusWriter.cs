using VoiceKit.Opus;

namespace VoiceKit.Mp4;

/// <summary>
/// Writes Opus in MP4 or M4A ("Encapsulation of Opus in ISO Base Media File Format", ISO/IEC 14496-12), whole or in fragments, as
/// Safari, iOS and Android play it. Pre-skip and end trim are in the edit list. Reproducible to the byte. Allocates nothing per
/// packet but the growth of its tables, eight bytes a packet. Not thread-safe.
/// </summary>
/// <remarks>
/// On a stream that can seek, packets are written as they come, and the tables at the end; a file that was never finished has
/// none and cannot be read, unless it is in fragments. On any other stream all packets are kept in memory until then, or until
/// their fragment is full. In fragments on a stream that cannot seek, the end is trimmed by the last packet's duration alone.
/// </remarks>
internal sealed class Mp4OpusWriter : OpusContainerWriter
{
    /// <summary>Creates a writer. Nothing is written before the first packet.</summary>
    /// <param name="stream">Where the bytes go, from where the stream stands.</param>
    /// <param name="head">The identification header, all of which has its place.</param>
    /// <param name="tags">
    /// The comments: title, artist, album, date, comment and genre are written as iTunes names them, the vendor as the encoder.
    /// </param>
    /// <param name="options">How to write; null for the defaults.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the writer is disposed.</param>
    /// <exception cref="ArgumentException">The stream cannot be written.</exception>
    public Mp4OpusWriter(
        Stream stream, OpusHead head, OpusTags tags, OpusWriterOptions? options = null, bool leaveOpen = false)
        : base(CheckOutput(stream), CreateMuxer(stream, head, tags, options), leaveOpen)
    {
    }

    private static IOpusMuxer CreateMuxer(Stream stream, OpusHead head, OpusTags tags, OpusWriterOptions? options)
    {
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(tags);
        return options?.FragmentDuration is { } duration
            ? new Mp4FragmentMuxer(head, tags, OpusRates.ToSamples(duration), stream.CanSeek)
            : new Mp4Muxer(head, tags, stream.CanSeek);
    }
}
