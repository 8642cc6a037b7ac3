using System.Numerics;
using VoiceKit.Opus;

namespace VoiceKit.Editing;

/// <summary>Packets that wait. Holds few, and for a moment; allocates only to hold more, or larger ones, than before.</summary>
internal sealed class OpusPacketQueue
{
    private const int LargeSize = 4096;

    private readonly Queue<(byte[] Buffer, int Size, OpusPacketInfo Info)> _packets = [];
    private readonly Stack<byte[]> _spare = [];

    public int Count => _packets.Count;

    /// <summary>Valid until packets are added or removed.</summary>
    public ReadOnlySpan<byte> First => _packets.Peek() is var (buffer, size, _) ? buffer.AsSpan(0, size) : default;

    /// <inheritdoc cref="First"/>
    public ReadOnlyMemory<byte> FirstMemory => _packets.Peek() is var (buffer, size, _) ? buffer.AsMemory(0, size) : default;

    public OpusPacketInfo FirstInfo => _packets.Peek().Info;

    public void Add(ReadOnlySpan<byte> packet, OpusPacketInfo info)
    {
        if (!_spare.TryPop(out var buffer) || buffer.Length < packet.Length)
            buffer = new byte[SizeFor(packet.Length)];
        packet.CopyTo(buffer);
        _packets.Enqueue((buffer, packet.Length, info));
    }

    public OpusPacketInfo RemoveFirst()
    {
        var (buffer, _, info) = _packets.Dequeue();
        _spare.Push(buffer);
        return info;
    }

    public void Clear()
    {
        while (_packets.Count > 0)
            RemoveFirst();
    }

    // Room for packets that are somewhat larger; large ones are rare and take what they need.
    private static int SizeFor(int size) =>
        size < LargeSize ? (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(size, 64)) : size;
}
