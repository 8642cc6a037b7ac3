using VoiceKit.Containers;
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
    /// The length is that of all messages, but for 10 ms at most at each seam: packets have no other lengths. Where channels or
    /// gains differ, a link of its own begins; <see cref="OpusCopyReport.LinkCount"/> tells. Memory grows with the messages'
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
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(codec);
        var parts = new List<JoinPart>();
        var sources = new JoinSources();
        foreach (var input in inputs)
        {
            using var reader = OpusContainers.Open(input, leaveOpen: true);
            using var copier = new OpusPacketCopier(Gather) { BreaksAtTrims = true };
            Copy(reader, copier, null, cancellationToken);
            sources.Add(reader);
        }

        var first = sources.First(nameof(inputs));
        if (parts.Count == 0)
            throw new VoiceFormatException("There is no audio that can be read.");
        var (samples, packets, links) = WriteAsOne(parts, output, codec, options, cancellationToken);
        return new OpusCopyReport(first, samples, packets, links, sources.Defects, sources.DefectCount);

        IOpusPacketWriter Gather(OpusHead head, OpusTags tags, int links)
        {
            parts.Add(new JoinPart(head, tags));
            return parts[^1];
        }
    }

    private static (long Samples, long Packets, int Links) WriteAsOne(
        List<JoinPart> parts, Stream output, IOpusCodec codec, OpusWriterOptions? options, CancellationToken cancellationToken)
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
        }

        return (samples, packets, links);

        IOpusPacketWriter Create(OpusHead head, OpusTags tags) =>
            new OggOpusWriter(output, head, tags, optionsOf(links), leaveOpen: true);
    }
}
