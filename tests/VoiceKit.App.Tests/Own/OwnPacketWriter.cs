using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.App.Tests.Own;

/// <summary>An app's own writer of packets: it counts them on their way to the file, as one would that sends them live.</summary>
internal sealed class OwnPacketWriter(Stream stream, OpusHead head, OpusTags tags) : IOpusPacketWriter
{
    private readonly OggOpusWriter _writer = new(stream, head, tags, leaveOpen: true);

    public int Packets { get; private set; }

    public long Duration => _writer.Duration;

    public void WritePacket(ReadOnlySpan<byte> packet)
    {
        Packets++;
        _writer.WritePacket(packet);
    }

    public ValueTask WritePacketAsync(ReadOnlyMemory<byte> packet, CancellationToken cancellationToken = default)
    {
        Packets++;
        return _writer.WritePacketAsync(packet, cancellationToken);
    }

    public void Flush() => _writer.Flush();

    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => _writer.FlushAsync(cancellationToken);

    public void Finish(int trimEnd = 0) => _writer.Finish(trimEnd);

    public ValueTask FinishAsync(int trimEnd = 0, CancellationToken cancellationToken = default) =>
        _writer.FinishAsync(trimEnd, cancellationToken);

    public void Dispose() => _writer.Dispose();

    public ValueTask DisposeAsync() => _writer.DisposeAsync();
}
