using VoiceKit.Opus;

namespace VoiceKit.Caf;

/// <summary>
/// Writes Opus in CAF (Apple Core Audio Format Specification 1.0): mono or stereo. Allocates nothing per packet but
/// the growth of the packet table, two to four bytes a packet. Not thread-safe.
/// </summary>
/// <remarks>
/// On a stream that can seek, packets are written as they come, and the packet table at the end; a file that was never finished
/// has none and cannot be read. On any other stream all packets are kept in memory until then.
/// </remarks>
internal sealed class CafOpusWriter : OpusContainerWriter
{
    /// <summary>Creates a writer. Nothing is written before the first packet.</summary>
    /// <param name="stream">Where the bytes go.</param>
    /// <param name="head">
    /// Mono or stereo in one Opus stream, without output gain; its pre-skip becomes the priming frames. The rate that it tells is
    /// not kept.
    /// </param>
    /// <param name="tags">The comments, for the information chunk.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the writer is disposed.</param>
    /// <param name="sampleRate">
    /// The rate that the file tells and counts its frames at: 8000, 12000, 16000, 24000 or 48000 Hz. Below 48 kHz the pre-skip
    /// and the end are told to a whole sample of that rate, the pre-skip rounded down.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is none of those.</exception>
    /// <exception cref="ArgumentException">
    /// The stream cannot be written; or the head has an output gain, more than two channels or more than one stream: CAF has no
    /// place for these.
    /// </exception>
    public CafOpusWriter(Stream stream, OpusHead head, OpusTags tags, bool leaveOpen = false, int sampleRate = OpusRates.Full)
        : base(CheckOutput(stream), CreateMuxer(stream, head, tags, sampleRate), leaveOpen)
    {
    }

    private static CafMuxer CreateMuxer(Stream stream, OpusHead head, OpusTags tags, int sampleRate)
    {
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(tags);
        if (head.OutputGain != 0)
            throw new ArgumentException("CAF has no output gain: it must be 0, or be applied to the audio.", nameof(head));
        if (head.Channels > 2 || head.StreamCount > 1)
            throw new ArgumentException("CAF holds Opus of one or two channels in one stream.", nameof(head));
        if (!OpusRates.IsSupported(sampleRate))
        {
            throw new ArgumentOutOfRangeException(
                nameof(sampleRate), sampleRate, "Opus has 8000, 12000, 16000, 24000 or 48000 Hz.");
        }

        return new CafMuxer(head, tags, stream.CanSeek, sampleRate);
    }
}
