using System.Buffers.Binary;

namespace VoiceKit.Tests.Rtp;

/// <summary>RTP packets, byte by byte.</summary>
internal static class RtpBytes
{
    /// <summary>SILK wideband, 20 ms, with a number to tell it by.</summary>
    public static byte[] Opus(int number) => [0x48, (byte)(number >> 8), (byte)number];

    public static byte[] Packet(
        int sequence,
        uint timestamp,
        byte[] payload,
        uint ssrc = 1,
        int type = 96,
        int sources = 0,
        byte[]? extension = null,
        int padding = 0)
    {
        var first = 0x80 | (padding > 0 ? 0x20 : 0) | (extension is null ? 0 : 0x10) | sources;
        var packet = new List<byte> { (byte)first, (byte)type };
        var fields = new byte[10];
        BinaryPrimitives.WriteUInt16BigEndian(fields, (ushort)sequence);
        BinaryPrimitives.WriteUInt32BigEndian(fields.AsSpan(2), timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(fields.AsSpan(6), ssrc);
        packet.AddRange(fields);
        packet.AddRange(new byte[4 * sources]);
        if (extension is not null)
            packet.AddRange([0xBE, 0xDE, 0, (byte)(extension.Length / 4), .. extension]);
        packet.AddRange(payload);
        if (padding > 0)
            packet.AddRange([.. new byte[padding - 1], (byte)padding]);
        return [.. packet];
    }

    /// <summary>A stream of 20 ms packets.</summary>
    public static byte[][] Stream(
        int count, int firstSequence = 65_500, uint firstTimestamp = uint.MaxValue - 5000, uint ssrc = 1) =>
        [.. Enumerable.Range(0, count).Select(i =>
            Packet(firstSequence + i, unchecked(firstTimestamp + (uint)(960 * i)), Opus(i), ssrc))];
}
