using VoiceKit.Opus;

namespace VoiceKit.Editing;

/// <summary>A message that is to be joined with others: its packets, in memory, and what is dropped at its ends.</summary>
internal sealed class JoinPart(OpusHead head, OpusTags tags) : IOpusPacketWriter
{
    private readonly List<byte[]> _packets = [];
    private readonly List<long> _starts = [];
    private long _size;

    public OpusHead Head { get; } = head;

    public OpusTags Tags { get; } = tags;

    /// <summary>
    /// The duration of all packets, in samples at 48 kHz; positions count from the first of them, pre-skip included.
    /// </summary>
    public long Duration { get; private set; }

    public int PacketCount => _packets.Count;

    /// <summary>How many samples are dropped at the end.</summary>
    public int TrimEnd { get; private set; }

    /// <summary>The position behind the last sample that is heard.</summary>
    public long End => Duration - TrimEnd;

    public int Bitrate => Duration == 0 ? 0 : (int)(_size * 8 * OpusRates.Full / Duration);

    public ReadOnlySpan<byte> Packet(int index) => _packets[index];

    /// <summary>Where a packet begins; behind the last, the end of all.</summary>
    public long StartOf(int index) => index < _starts.Count ? _starts[index] : Duration;

    /// <summary>Whether both can be in one stream: a header has one number of channels and one gain.</summary>
    public bool Fits(JoinPart other) =>
        Head.MappingFamily == 0 && other.Head.MappingFamily == 0
        && (Head.Channels, Head.OutputGain) == (other.Head.Channels, other.Head.OutputGain);

    /// <summary>Decodes a stretch, which need not begin with a packet.</summary>
    public float[] Decode(IOpusDecoderFactory codec, long start, long end)
    {
        var channels = Head.Channels;
        var pcm = new float[Math.Max(0, end - start) * channels];
        using var decoder = codec.CreateDecoder(OpusRates.Full, channels);
        var decoded = new float[OpusPacket.MaxDuration * channels];
        for (var i = FirstAt(start - OpusPreRoll.Seam); i < PacketCount && _starts[i] < end; i++)
        {
            var frames = decoder.Decode(_packets[i], decoded);
            var from = Math.Max(start, _starts[i]);
            var count = (int)(Math.Min(end, _starts[i] + frames) - from);
            if (count > 0)
            {
                decoded.AsSpan((int)(from - _starts[i]) * channels, count * channels).CopyTo(
                    pcm.AsSpan((int)(from - start) * channels));
            }
        }

        return pcm;
    }

    /// <summary>The first packet that begins at a position or behind it; their number where none does.</summary>
    public int FirstAt(long position)
    {
        var at = _starts.BinarySearch(position);
        return at >= 0 ? at : ~at;
    }

    public void WritePacket(ReadOnlySpan<byte> packet)
    {
        OpusPacketLayout.ReadDuration(packet, Head.StreamCount, out var duration);
        _packets.Add(packet.ToArray());
        _starts.Add(Duration);
        _size += packet.Length;
        Duration += duration;
    }

    public ValueTask WritePacketAsync(ReadOnlyMemory<byte> packet, CancellationToken cancellationToken = default)
    {
        WritePacket(packet.Span);
        return ValueTask.CompletedTask;
    }

    public void Flush()
    {
    }

    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    public void Finish(int trimEnd = 0) => TrimEnd = trimEnd;

    public ValueTask FinishAsync(int trimEnd = 0, CancellationToken cancellationToken = default)
    {
        Finish(trimEnd);
        return ValueTask.CompletedTask;
    }

    public void Dispose()
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
