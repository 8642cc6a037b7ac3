using VoiceKit.Opus;

namespace VoiceKit.Containers;

/// <summary>Counts what is written, so that nobody has to read it again to know what it is.</summary>
internal sealed class CountingPacketWriter(IOpusPacketWriter writer, OpusHead head, OpusTags tags) : IOpusPacketWriter
{
    private readonly OpusStatistics _statistics = new(head, tags, link: 0);
    private int _skipLeft = head.PreSkip;
    private int _trimEnd;

    public long Duration => writer.Duration;

    public long PendingSize => writer.PendingSize;

    /// <summary>What was written, once it is finished.</summary>
    /// <param name="pageCount">How many pages it has.</param>
    public OpusInfo MakeInfo(long pageCount) => new(_statistics, _trimEnd, pageCount);

    public void WritePacket(ReadOnlySpan<byte> packet)
    {
        writer.WritePacket(packet);
        Count(packet);
    }

    public ValueTask WritePacketAsync(ReadOnlyMemory<byte> packet, CancellationToken cancellationToken = default)
    {
        var written = writer.WritePacketAsync(packet, cancellationToken);
        Count(packet.Span);
        return written;
    }

    public void Flush() => writer.Flush();

    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => writer.FlushAsync(cancellationToken);

    public void Finish(int trimEnd = 0)
    {
        writer.Finish(trimEnd);
        _trimEnd = trimEnd;
    }

    public ValueTask FinishAsync(int trimEnd = 0, CancellationToken cancellationToken = default)
    {
        _trimEnd = trimEnd;
        return writer.FinishAsync(trimEnd, cancellationToken);
    }

    public void Dispose() => writer.Dispose();

    public ValueTask DisposeAsync() => writer.DisposeAsync();

    private void Count(ReadOnlySpan<byte> packet)
    {
        OpusPacketLayout.ReadDuration(packet, head.StreamCount, out var duration);
        var skipped = Math.Min(_skipLeft, duration);
        _skipLeft -= skipped;
        _statistics.Add(packet, new OpusPacketInfo(0, duration, skipped, 0, 0));
    }
}
