using System.Buffers;
using VoiceKit.Opus;

namespace VoiceKit.Editing;

/// <summary>
/// Lets what writes synchronously, packet by packet, bring its packets to streams that are only written asynchronously: its
/// writers keep what they are given until the queue is drained.
/// </summary>
internal sealed class PacketWriteQueue
{
    private readonly Queue<Step> _steps = new();

    /// <summary>Puts a writer behind the queue.</summary>
    /// <param name="writer">The writer; it holds nothing that must be released.</param>
    /// <param name="streamCount">How many Opus streams its packets have.</param>
    public IOpusPacketWriter Wrap(IOpusPacketWriter writer, int streamCount) => new QueuedWriter(this, writer, streamCount);

    /// <summary>Writes what has come since the last time, in its order.</summary>
    public async ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        while (_steps.TryDequeue(out var step))
        {
            if (step.Packet is { } packet)
                await WriteAsync(step.Writer, packet, step.Number, cancellationToken).ConfigureAwait(false);
            else
                await step.Writer.FinishAsync(step.Number, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async ValueTask WriteAsync(
        IOpusPacketWriter writer, byte[] packet, int length, CancellationToken cancellationToken)
    {
        await writer.WritePacketAsync(packet.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
        ArrayPool<byte>.Shared.Return(packet);
    }

    private void Add(IOpusPacketWriter writer, ReadOnlySpan<byte> packet)
    {
        var copy = ArrayPool<byte>.Shared.Rent(packet.Length);
        packet.CopyTo(copy);
        _steps.Enqueue(new Step(writer, copy, packet.Length));
    }

    private void AddEnd(IOpusPacketWriter writer, int trimEnd) => _steps.Enqueue(new Step(writer, null, trimEnd));

    // Of a packet the number is its length, of an end what is trimmed.
    private readonly record struct Step(IOpusPacketWriter Writer, byte[]? Packet, int Number);

    private sealed class QueuedWriter(PacketWriteQueue queue, IOpusPacketWriter writer, int streamCount) : IOpusPacketWriter
    {
        public long Duration { get; private set; }

        public void WritePacket(ReadOnlySpan<byte> packet)
        {
            OpusPacketLayout.ReadDuration(packet, streamCount, out var duration);
            Duration += duration;
            queue.Add(writer, packet);
        }

        public void Finish(int trimEnd = 0) => queue.AddEnd(writer, trimEnd);

        public void Flush()
        {
        }

        public ValueTask WritePacketAsync(ReadOnlyMemory<byte> packet, CancellationToken cancellationToken = default)
        {
            WritePacket(packet.Span);
            return ValueTask.CompletedTask;
        }

        public ValueTask FinishAsync(int trimEnd = 0, CancellationToken cancellationToken = default)
        {
            Finish(trimEnd);
            return ValueTask.CompletedTask;
        }

        public ValueTask FlushAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
