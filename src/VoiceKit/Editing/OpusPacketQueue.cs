using VoiceKit.Containers;

namespace VoiceKit.Editing;

/// <summary>Packets that wait. Holds few, and for a moment.</summary>
internal sealed class OpusPacketQueue
{
    private readonly Queue<(byte[] Packet, OpusPacketInfo Info)> _packets = [];

    public int Count => _packets.Count;

    public ReadOnlySpan<byte> First => _packets.Peek().Packet;

    public OpusPacketInfo FirstInfo => _packets.Peek().Info;

    public void Add(ReadOnlySpan<byte> packet, OpusPacketInfo info) => _packets.Enqueue((packet.ToArray(), info));

    public OpusPacketInfo RemoveFirst() => _packets.Dequeue().Info;

    public void Clear() => _packets.Clear();
}
