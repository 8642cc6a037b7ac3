using System.Buffers.Binary;

namespace VoiceKit.Rtp;

/// <summary>A view of one RTP packet (RFC 3550 §5.1). Lives as long as the bytes it was made of.</summary>
internal readonly ref struct RtpPacket
{
    private const int HeaderSize = 12;

    private RtpPacket(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        PayloadType = header[1] & 0x7F;
        Sequence = BinaryPrimitives.ReadUInt16BigEndian(header[2..]);
        Timestamp = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        Ssrc = BinaryPrimitives.ReadUInt32BigEndian(header[8..]);
        Payload = payload;
    }

    public int PayloadType { get; }

    public ushort Sequence { get; }

    public uint Timestamp { get; }

    public uint Ssrc { get; }

    /// <summary>What is behind the header, its sources and its extension, without padding.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Whether the bytes are RTCP, which may share a port with RTP (RFC 5761 §4): packet types 192…223.</summary>
    public static bool IsControl(ReadOnlySpan<byte> data) =>
        data.Length >= 2 && data[0] >> 6 == 2 && data[1] is >= 192 and <= 223;

    public static bool TryParse(ReadOnlySpan<byte> data, out RtpPacket packet)
    {
        packet = default;
        if (data.Length < HeaderSize || data[0] >> 6 != 2)
            return false;

        var hasPadding = (data[0] & 0b0010_0000) != 0;
        var hasExtension = (data[0] & 0b0001_0000) != 0;
        var start = HeaderSize + 4 * (data[0] & 0b1111);
        if (hasExtension)
        {
            if (start + 4 > data.Length)
                return false;
            start += 4 + 4 * BinaryPrimitives.ReadUInt16BigEndian(data[(start + 2)..]);
        }

        if (start > data.Length)
            return false;
        var payload = data[start..];
        if (hasPadding)
        {
            // The last byte counts the padding, itself included.
            var padding = payload.IsEmpty ? 0 : payload[^1];
            if (padding == 0 || padding > payload.Length)
                return false;
            payload = payload[..^padding];
        }

        packet = new RtpPacket(data[..HeaderSize], payload);
        return true;
    }
}
