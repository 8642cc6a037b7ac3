using VoiceKit.IO;
using VoiceKit.Opus;

namespace VoiceKit.Editing;

/// <summary>Writes packets of another duration than it is given, made of the same frames.</summary>
internal sealed class OpusRegroupingWriter(IOpusPacketWriter writer, OpusPacketRegrouper regrouper) : IOpusPacketWriter
{
    // The last packets, as much as an end trim may reach over: a trim of 120 ms leaves nothing of as many frames of 2.5 ms.
    private readonly OpusPacketQueue _held = new();
    private long _heldDuration;

    public long Duration { get; private set; }

    public void WritePacket(ReadOnlySpan<byte> packet)
    {
        Take(packet);
        SyncCompletion.Complete(WriteSome(isAsync: false, CancellationToken.None));
    }

    public ValueTask WritePacketAsync(ReadOnlyMemory<byte> packet, CancellationToken cancellationToken = default)
    {
        Take(packet.Span);
        return WriteSome(isAsync: true, cancellationToken);
    }

    // Frames wait for others to make a packet with, so there is nothing more to bring to the output.
    public void Flush() => writer.Flush();

    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => writer.FlushAsync(cancellationToken);

    public void Finish(int trimEnd = 0) =>
        SyncCompletion.Complete(Finish(trimEnd, isAsync: false, CancellationToken.None));

    public ValueTask FinishAsync(int trimEnd = 0, CancellationToken cancellationToken = default) =>
        Finish(trimEnd, isAsync: true, cancellationToken);

    public void Dispose() => writer.Dispose();

    public ValueTask DisposeAsync() => writer.DisposeAsync();

    private void Take(ReadOnlySpan<byte> packet)
    {
        regrouper.Push(packet);
        OpusPacketLayout.ReadDuration(packet, 1, out var duration);
        Duration += duration;
        HoldAll();
    }

    private void HoldAll()
    {
        while (regrouper.Read())
        {
            _held.Add(regrouper.Packet, new OpusPacketInfo(0, regrouper.Duration, 0, 0, 0));
            _heldDuration += regrouper.Duration;
        }
    }

    private async ValueTask WriteSome(bool isAsync, CancellationToken cancellationToken)
    {
        while (_held.Count > 0 && _heldDuration - _held.FirstInfo.Duration >= OpusPacket.MaxDuration)
            await WriteFirst(isAsync, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask Finish(int trimEnd, bool isAsync, CancellationToken cancellationToken)
    {
        regrouper.Complete();
        HoldAll();
        while (_held.Count > 0 && (writer.Duration == 0 || _heldDuration > trimEnd))
            await WriteFirst(isAsync, cancellationToken).ConfigureAwait(false);

        // What is left is trimmed as a whole, and something of the packet before it.
        var trim = (int)(trimEnd - _heldDuration);
        if (isAsync)
            await writer.FinishAsync(trim, cancellationToken).ConfigureAwait(false);
        else
            writer.Finish(trim);
    }

    private async ValueTask WriteFirst(bool isAsync, CancellationToken cancellationToken)
    {
        if (isAsync)
            await writer.WritePacketAsync(_held.FirstMemory, cancellationToken).ConfigureAwait(false);
        else
            writer.WritePacket(_held.First);
        _heldDuration -= _held.RemoveFirst().Duration;
    }
}
