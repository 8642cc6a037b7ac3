using VoiceKit.IO;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Editing;

// What takes a codec: the sound next to a seam is encoded anew.
public static partial class OpusEditor
{
    /// <summary>
    /// Puts messages one behind the other as one stream, which browsers and phones play to its end, unlike the links that
    /// <see cref="Join"/> makes. Packets are copied, but for 200 to 240 ms on each side of a seam: those are encoded anew, so
    /// that nothing clicks. Where two messages do not go on from one another, 10 ms of each are faded.
    /// </summary>
    /// <remarks>
    /// The length is that of all messages, but for 10 ms at most at each seam, since packets have fixed lengths. Where channels
    /// or gains differ, another link begins; <see cref="OpusCopyReport.LinkCount"/> tells. Memory grows with the messages'
    /// packets.
    /// </remarks>
    /// <param name="inputs">The messages, in any container. They stay open.</param>
    /// <param name="output">Receives Ogg Opus; stays open.</param>
    /// <param name="codec">Decodes and encodes the seams.</param>
    /// <param name="options">How to write; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentException">There are no inputs.</exception>
    /// <exception cref="VoiceFormatException">An input has no Opus that can be read, or there is no audio in any.</exception>
    /// <exception cref="OpusCodecException">The codec cannot be loaded or reports an error.</exception>
    /// <exception cref="IOException">A stream could not be read or written.</exception>
    public static OpusCopyReport JoinAsOne(
        IEnumerable<Stream> inputs,
        Stream output,
        IOpusCodec codec,
        OpusWriterOptions? options = null,
        CancellationToken cancellationToken = default) =>
        SyncCompletion.Complete(JoinAsOneCore(inputs, output, codec, options, isAsync: false, cancellationToken));

    private static async ValueTask<OpusCopyReport> JoinAsOneCore(
        IEnumerable<Stream> inputs,
        Stream output,
        IOpusCodec codec,
        OpusWriterOptions? options,
        bool isAsync,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(codec);
        var parts = new List<JoinPart>();
        var sources = new JoinSources();
        var queue = QueueFor(isAsync);
        foreach (var input in inputs)
        {
            using var reader = await Open(input, null, isAsync, cancellationToken).ConfigureAwait(false);
            using var copier = new OpusPacketCopier(Gather) { BreaksAtTrims = true };
            await Copy(reader, copier, queue, null, cancellationToken).ConfigureAwait(false);
            sources.Add(reader);
        }

        var first = sources.First(nameof(inputs));
        if (parts.Count == 0)
            throw new VoiceFormatException("There is no audio that can be read.");
        var (samples, packets, links) =
            await WriteAsOne(parts, output, codec, options, queue, cancellationToken).ConfigureAwait(false);
        return new OpusCopyReport(first, samples, packets, links, sources.Defects, sources.DefectCount);

        IOpusPacketWriter Gather(OpusHead head, OpusTags tags, int links)
        {
            parts.Add(new JoinPart(head, tags));
            return parts[^1];
        }
    }

    private static async ValueTask<(long Samples, long Packets, int Links)> WriteAsOne(
        List<JoinPart> parts,
        Stream output,
        IOpusCodec codec,
        OpusWriterOptions? options,
        PacketWriteQueue? queue,
        CancellationToken cancellationToken)
    {
        var (samples, packets, links) = (0L, 0L, 0);
        var optionsOf = OptionsOfLinks(options);
        for (int start = 0, end; start < parts.Count; start = end, links++)
        {
            for (end = start + 1; end < parts.Count && parts[end].Fits(parts[start]);)
                end++;
            var joiner = new OpusStreamJoiner(codec, Create, cancellationToken);
            joiner.Write(parts[start..end]);
            samples += joiner.Samples;
            packets += joiner.PacketCount;
            if (queue is not null)
                await queue.DrainAsync(cancellationToken).ConfigureAwait(false);
        }

        return (samples, packets, links);

        IOpusPacketWriter Create(OpusHead head, OpusTags tags)
        {
            var writer = new OggOpusWriter(output, head, tags, optionsOf(links), leaveOpen: true);
            return queue?.Wrap(writer, head.StreamCount) ?? writer;
        }
    }
}
