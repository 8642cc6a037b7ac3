using VoiceKit.Opus;

namespace VoiceKit.Editing;

/// <summary>
/// Writes messages one behind the other as one stream. Packets are copied but for those around a seam: a decoder does not begin
/// anew there, so the end of one message and the beginning of the next are encoded by an encoder that heard what came before.
/// </summary>
/// <param name="codec">Decodes and encodes the seams.</param>
/// <param name="createWriter">Makes the writer of the stream, by its headers.</param>
/// <param name="cancellationToken">Ends the work.</param>
internal sealed class OpusStreamJoiner(
    IOpusCodec codec, Func<OpusHead, OpusTags, IOpusPacketWriter> createWriter, CancellationToken cancellationToken)
{
    // 10 ms: the shortest that SILK takes.
    private const int Step = OpusRates.Full / 100;

    // How much of each side is encoded anew, at least: a decoder's state is that of the copied packets then, or nearly.
    private const int Side = OpusRates.Full / 5;

    private const int LeastBitrate = 16_000;
    private const int MostBitrate = 256_000;

    private readonly byte[] _packet = new byte[OpusPacket.MaxEncodedSize];
    private IOpusPacketWriter? _writer;
    private JoinSeam _seam = new(1);
    private float[] _preRoll = [];
    private OpusMode _mode;
    private int _bitrate;

    /// <summary>What is heard of what was written, in samples at 48 kHz.</summary>
    public long Samples { get; private set; }

    public long PacketCount { get; private set; }

    /// <summary>Writes the stream.</summary>
    /// <param name="parts">The messages, of the same channels and gain.</param>
    public void Write(IReadOnlyList<JoinPart> parts)
    {
        _seam = new JoinSeam(parts[0].Head.Channels);
        var (tags, trim, isPending) = (parts[0].Tags, 0, false);
        try
        {
            for (var i = 0; i < parts.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var (part, isLast) = (parts[i], i == parts.Count - 1);
                var (first, end) = RangeOf(part, i == 0, isLast);
                _bitrate = Math.Max(_bitrate, part.Bitrate);
                isPending = first >= end;
                if (isPending)
                {
                    _seam.Add(part.Decode(codec, part.Head.PreSkip, part.End));
                    continue;
                }

                if (i == 0)
                    Begin(part.Head, tags, part.Head.PreSkip);
                else
                    EncodeSeamTo(part, first, tags);
                Copy(part, first, end);
                trim = part.TrimEnd;
                if (!isLast)
                    BeginSeam(part, end);
            }

            if (isPending)
                trim = EncodeToEnd(parts[^1], tags);
            Samples -= trim;
            _writer!.Finish(trim);
        }
        finally
        {
            _writer?.Dispose();
        }
    }

    // What is copied: from the first packet that is far enough from the seam before to the last that is from the one behind.
    private static (int First, int End) RangeOf(JoinPart part, bool isFirst, bool isLast)
    {
        var first = isFirst ? 0 : part.FirstAt(part.Head.PreSkip + Side);
        if (isLast)
            return (first, part.PacketCount);
        var end = part.FirstAt(part.End - Side + 1) - 1;
        return end >= 0 && part.StartOf(end) > part.Head.PreSkip ? (first, end) : (first, first);
    }

    private void Begin(OpusHead head, OpusTags tags, int preSkip)
    {
        _writer = createWriter(head.With(preSkip), tags);
        Samples = -preSkip;
    }

    private void Copy(JoinPart part, int first, int end)
    {
        for (var i = first; i < end; i++)
            WritePacket(part.Packet(i), part.StartOf(i + 1) - part.StartOf(i));
        _mode = new OpusToc(part.Packet(end - 1)[0]).Mode;
    }

    private void WritePacket(ReadOnlySpan<byte> packet, long duration)
    {
        _writer!.WritePacket(packet);
        Samples += duration;
        PacketCount++;
    }

    private void BeginSeam(JoinPart part, int end)
    {
        var start = part.StartOf(end);
        var length = Math.Min(OpusPreRoll.Seam, start) / Step * Step;
        _seam.Clear();
        _preRoll = part.Decode(codec, start - length, start);
        _seam.Add(part.Decode(codec, start, part.End));
    }

    private void EncodeSeamTo(JoinPart part, int first, OpusTags tags)
    {
        var start = part.StartOf(first);
        _seam.Add(part.Decode(codec, part.Head.PreSkip, start));
        using var encoder = CreateEncoder(part);
        var lead = BeginIfFirst(part, encoder, tags);
        var following = part.Decode(codec, start, start + encoder.Lookahead);
        Encode(encoder, [.. _preRoll, .. _seam.Fit(Step, lead), .. following], isFirst: lead > 0);
    }

    private int EncodeToEnd(JoinPart part, OpusTags tags)
    {
        using var encoder = CreateEncoder(part);
        var lead = BeginIfFirst(part, encoder, tags);
        var trim = (Step - (lead + _seam.Frames) % Step) % Step;
        var rest = new float[(trim + encoder.Lookahead) * encoder.Channels];
        Encode(encoder, [.. _preRoll, .. _seam.ToArray(), .. rest], isFirst: lead > 0);
        return trim;
    }

    private int BeginIfFirst(JoinPart part, IOpusEncoder encoder, OpusTags tags)
    {
        if (_writer is not null)
            return 0;
        Begin(part.Head, tags, encoder.Lookahead);
        return encoder.Lookahead;
    }

    private IOpusEncoder CreateEncoder(JoinPart part)
    {
        var isMusic = _writer is not null && _mode == OpusMode.Celt
            && new OpusToc(part.Packet(part.PacketCount - 1)[0]).Mode == OpusMode.Celt;
        return codec.CreateEncoder(new OpusEncoderOptions
        {
            Channels = part.Head.Channels,
            Application = isMusic ? OpusApplication.Audio : OpusApplication.Voip,
            Bitrate = Math.Clamp(_bitrate + _bitrate / 4, LeastBitrate, MostBitrate),
            PacketDuration = TimeSpan.FromMilliseconds(10),
        });
    }

    // What comes out lags behind what goes in. Behind copied packets, the encoder begins as much earlier with what was heard
    // before; at the beginning of the stream, the pre-skip is that lag.
    private void Encode(IOpusEncoder encoder, float[] pcm, bool isFirst)
    {
        var size = Step * encoder.Channels;
        var heard = _preRoll.Length / size;
        var at = isFirst ? 0 : encoder.Lookahead * encoder.Channels;
        for (var i = 0; at + size <= pcm.Length; i++, at += size)
        {
            cancellationToken.ThrowIfCancellationRequested();

            // The decoder did not hear what the encoder heard, but nearly: what looks back exactly must not.
            encoder.PredictionDisabled = i == heard && heard > 0;
            var length = encoder.Encode(pcm.AsSpan(at, size), _packet);
            if (i >= heard)
                WritePacket(_packet.AsSpan(0, length), Step);
        }

        _preRoll = [];
    }
}
