namespace VoiceKit.Rtp;

/// <summary>A copy of one RTP packet's payload and of what its header says.</summary>
internal sealed class RtpSlot
{
    private byte[] _payload = [];
    private int _size;

    public bool IsUsed { get; private set; }

    /// <summary>Whether the payload is Opus, and not of another type that shares the sequence numbers.</summary>
    public bool IsOpus { get; private set; }

    public uint Ssrc { get; private set; }

    public ushort Sequence { get; private set; }

    public uint Timestamp { get; private set; }

    public ReadOnlySpan<byte> Payload => _payload.AsSpan(0, _size);

    public void Set(RtpPacket packet, bool isOpus)
    {
        IsUsed = true;
        IsOpus = isOpus;
        Ssrc = packet.Ssrc;
        Sequence = packet.Sequence;
        Timestamp = packet.Timestamp;
        _size = isOpus ? packet.Payload.Length : 0;
        if (_size > _payload.Length)
            _payload = new byte[Math.Max(_size, 256)];
        packet.Payload[.._size].CopyTo(_payload);
    }

    /// <summary>Takes over what another slot holds, and gives it its own buffer.</summary>
    public void TakeFrom(RtpSlot other)
    {
        IsUsed = true;
        IsOpus = other.IsOpus;
        Ssrc = other.Ssrc;
        Sequence = other.Sequence;
        Timestamp = other.Timestamp;
        _size = other._size;
        (_payload, other._payload) = (other._payload, _payload);
        other.Clear();
    }

    public void Clear()
    {
        IsUsed = false;
        _size = 0;
    }
}
