using System.Buffers.Binary;
using VoiceKit.Audio;
using VoiceKit.Caf;
using VoiceKit.IO;
using VoiceKit.Mp4;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.WebM;

namespace VoiceKit.Containers;

/// <summary>
/// Opens Opus in whatever container it comes, where the content decides, not the name; and creates writers of each.
/// </summary>
public static class OpusContainers
{
    private const int LookSize = 12;

    private static ReadOnlySpan<byte> EbmlMagic => [0x1A, 0x45, 0xDF, 0xA3];

    /// <summary>Opens a stream and reads what stands before the packets.</summary>
    /// <param name="stream">
    /// The container from where the stream stands. MP4 and CAF are read into memory where it cannot seek.
    /// </param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the reader is disposed.</param>
    /// <exception cref="VoiceFormatException">
    /// The stream is none of the containers, or has no Opus; the exception names what it has.
    /// </exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public static IOpusPacketReader Open(Stream stream, OpusReaderOptions? options = null, bool leaveOpen = false)
    {
        CheckReadable(stream);
        if (options is { Salvages: true }
            && SyncCompletion.Complete(WebMPiece.Find(stream, isAsync: false, CancellationToken.None)) is { } piece)
        {
            return piece.Open(stream, options, leaveOpen);
        }

        var (whole, container) = SyncCompletion.Complete(Look(stream, leaveOpen, isAsync: false, CancellationToken.None));
        return container switch
        {
            OpusContainer.WebM => WebMOpusReader.Open(whole, options, leaveOpen),
            OpusContainer.Mp4 => Mp4ChainReader.Open(whole, options, leaveOpen),
            OpusContainer.Caf => CafOpusReader.Open(whole, options, leaveOpen),
            _ => OggOpusReader.Open(whole, options, leaveOpen), // It gets past junk, and names what else it finds.
        };
    }

    /// <summary>Opens a stream and reads what stands before the packets.</summary>
    /// <param name="stream">
    /// The container from where the stream stands. MP4 and CAF are read into memory where it cannot seek.
    /// </param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the reader is disposed.</param>
    /// <param name="cancellationToken">Ends the wait for input.</param>
    /// <exception cref="VoiceFormatException">
    /// The stream is none of the containers, or has no Opus; the exception names what it has.
    /// </exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public static async Task<IOpusPacketReader> OpenAsync(
        Stream stream, OpusReaderOptions? options = null, bool leaveOpen = false, CancellationToken cancellationToken = default)
    {
        CheckReadable(stream);
        if (options is { Salvages: true }
            && await WebMPiece.Find(stream, isAsync: true, cancellationToken).ConfigureAwait(false) is { } piece)
        {
            return await piece.OpenAsync(stream, options, leaveOpen, cancellationToken).ConfigureAwait(false);
        }

        var (whole, container) = await Look(stream, leaveOpen, isAsync: true, cancellationToken).ConfigureAwait(false);
        return container switch
        {
            OpusContainer.WebM =>
                await WebMOpusReader.OpenAsync(whole, options, leaveOpen, cancellationToken).ConfigureAwait(false),
            OpusContainer.Mp4 =>
                await Mp4ChainReader.OpenAsync(whole, options, leaveOpen, cancellationToken).ConfigureAwait(false),
            OpusContainer.Caf =>
                await CafOpusReader.OpenAsync(whole, options, leaveOpen, cancellationToken).ConfigureAwait(false),
            _ => await OggOpusReader.OpenAsync(whole, options, leaveOpen, cancellationToken).ConfigureAwait(false),
        };
    }

    /// <summary>Creates a writer of a container.</summary>
    /// <remarks>
    /// <para>Ogg (RFC 7845): written as the packets come.</para>
    /// <para>
    /// WebM (RFC 9559): where the stream can seek, the duration, an index and the size are filled in at the end; where not, the
    /// file has none of them, as a live stream.
    /// </para>
    /// <para>
    /// MP4 (ISO/IEC 14496-12, "Encapsulation of Opus in ISO Base Media File Format") and CAF (Apple Core Audio Format
    /// Specification 1.0): where the stream can seek, packets are written as they come and the tables at the end; where not, all
    /// packets are kept in memory until then, or in MP4 until their fragment is full. A file that was never finished has no
    /// tables and cannot be read, unless it is MP4 in fragments. CAF does not keep the rate that the head tells.
    /// </para>
    /// <para>Memory grows by the tables only: up to eight bytes a packet in MP4, four in CAF.</para>
    /// </remarks>
    /// <param name="stream">Where the bytes go, from where the stream stands.</param>
    /// <param name="container">The container.</param>
    /// <param name="head">The identification header; its pre-skip is the encoder's look-ahead.</param>
    /// <param name="tags">The comments. Each container names those that it knows in its own way.</param>
    /// <param name="options">How to write; null for the defaults.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the writer is disposed.</param>
    /// <exception cref="ArgumentException">
    /// The stream cannot be written; or it is to be CAF, and the head has an output gain, more than two channels or more than one
    /// stream, for which CAF has no place.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The value is no member of the enumeration.</exception>
    public static IOpusPacketWriter CreateWriter(
        Stream stream,
        OpusContainer container,
        OpusHead head,
        OpusTags tags,
        OpusWriterOptions? options = null,
        bool leaveOpen = false) => container switch
    {
        OpusContainer.Ogg => new OggOpusWriter(stream, head, tags, options, leaveOpen),
        OpusContainer.WebM => new WebMOpusWriter(stream, head, tags, options, leaveOpen),
        OpusContainer.Mp4 => new Mp4OpusWriter(stream, head, tags, options, leaveOpen),
        OpusContainer.Caf => new CafOpusWriter(stream, head, tags, leaveOpen),
        _ => throw new ArgumentOutOfRangeException(nameof(container), container, "There is no such container."),
    };

    /// <summary>Opens a stream and decodes it, on several cores if wanted.</summary>
    /// <remarks>
    /// On several cores, stretches of 10 s are decoded apart: one for each core, and two more ahead of what is read. Each takes
    /// 2 MB of memory per channel at 48 kHz. The samples are those of one core to −80 dBFS, and mostly to the bit: only the
    /// noise differs that decoders make up in pauses of DTX and for what is lost. Such a reader cannot seek.
    /// </remarks>
    /// <param name="stream">
    /// The container from where the stream stands. MP4 and CAF are read into memory where it cannot seek.
    /// </param>
    /// <param name="maxDegreeOfParallelism">How many cores to use, 1 or more; −1 for all.</param>
    /// <param name="decoder">Makes the decoders; null for those of the library, which work on every system.</param>
    /// <param name="sampleRate">The rate of the PCM: 8000, 12000, 16000, 24000 or 48000 Hz.</param>
    /// <param name="channels">The channels of the PCM, 1 or 2; null for those of the message, surround as stereo.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the reader is disposed.</param>
    /// <param name="softClips">See <see cref="OpusAudioReader.SoftClips"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The rate, the channels or the number of cores is out of its range.
    /// </exception>
    /// <exception cref="VoiceFormatException">There is no Opus in it, or it has a channel mapping without a meaning.</exception>
    /// <exception cref="OpusCodecException">The codec cannot be loaded.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public static IAudioReader OpenAudio(
        Stream stream,
        int maxDegreeOfParallelism = 1,
        IOpusDecoderFactory? decoder = null,
        int sampleRate = OpusRates.Full,
        int? channels = null,
        OpusReaderOptions? options = null,
        bool leaveOpen = false,
        bool softClips = false)
    {
        var degree = Parallelism.Degree(maxDegreeOfParallelism);
        return degree == 1
            ? new OpusAudioReader(stream, decoder, sampleRate, channels, options, leaveOpen) { SoftClips = softClips }
            : new ParallelOpusAudioReader(stream, decoder, sampleRate, channels, degree, options, leaveOpen)
            {
                SoftClips = softClips,
            };
    }

    /// <summary>Tells a container by the first bytes of a file.</summary>
    /// <param name="start">The first 12 bytes, or all where there are fewer.</param>
    /// <returns>The container; null for none of them. Whether there is Opus in it is not known yet.</returns>
    public static OpusContainer? Identify(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith(OggPage.CapturePattern))
            return OpusContainer.Ogg;
        if (start.StartsWith(EbmlMagic))
            return OpusContainer.WebM;
        if (start.StartsWith("caff"u8))
            return OpusContainer.Caf;
        return start.Length >= 8 && IsBox(start) ? OpusContainer.Mp4 : null;
    }

    // A box is its size and its type (ISO/IEC 14496-12 §4.2). Some types are words that stand in texts, whose bytes would be
    // sizes that only the media itself has.
    private static bool IsBox(ReadOnlySpan<byte> start)
    {
        var type = BinaryPrimitives.ReadUInt32BigEndian(start[4..]);
        return Mp4BoxType.IsFirst(type) && (start[0] < (byte)'\t' || start[4..8].SequenceEqual("mdat"u8));
    }

    private static void CheckReadable(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanRead)
            throw new ArgumentException("The stream cannot be read.", nameof(stream));
    }

    private static async ValueTask<(Stream Stream, OpusContainer? Container)> Look(
        Stream stream, bool leaveOpen, bool isAsync, CancellationToken cancellationToken)
    {
        var start = new byte[LookSize];
        try
        {
            var (whole, count) = await PrefixStream
                .Peek(stream, start, leaveOpen, isAsync, cancellationToken).ConfigureAwait(false);
            return (whole, Identify(start.AsSpan(0, count)));
        }
        catch when (!leaveOpen)
        {
            if (isAsync)
                await stream.DisposeAsync().ConfigureAwait(false);
            else
                stream.Dispose();
            throw;
        }
    }
}
