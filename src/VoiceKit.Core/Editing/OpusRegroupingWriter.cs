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
        regrouper.Push(packet);
        OpusPacketLayout.ReadDuration(packet, 1, out var duration);
        Duration += duration;
        HoldAll();
        while (_held.Count > 0 && _heldDuration - _held.FirstInfo.Duration >= OpusPacket.MaxDuration)
            WriteFirst();
    }

    public void Finish(int trimEnd = 0)
    {
        regrouper.Complete();
        HoldAll();
        while (_held.Count > 0 && (writer.Duration == 0 || _heldDuration > trimEnd))
            WriteFirst();

        // What is left is trimmed as a whole, and something of the packet before it.
        writer.Finish((int)(trimEnd - _heldDuration));
    }

    public void Dispose() => writer.Dispose();

    private void HoldAll()
    {
        while (regrouper.Read())
        {
            _held.Add(regrouper.Packet, new OpusPacketInfo(0, regrouper.Duration, 0, 0, 0));
            _heldDuration += regrouper.Duration;
        }
    }

    private void WriteFirst()
    {
        writer.WritePacket(_held.First);
        _heldDuration -= _held.RemoveFirst().Duration;
    }
}
