using System.Buffers.Binary;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Tests.Support;

/// <summary>Packets that say which they are, so that a test knows where in a file a reader stands.</summary>
internal static class NumberedPackets
{
    public const int Duration = 960;

    /// <summary>A 20 ms SILK packet with its number in its frame. Nothing that would decode to speech.</summary>
    public static byte[] Make(int number, int size = 40)
    {
        var packet = new byte[size];
        var noise = ((ulong)number + 1) * 0x9E3779B97F4A7C15;
        for (var i = 0; i < size; i++)
        {
            // Xorshift: a new Random takes longer than all else.
            noise ^= noise << 13;
            noise ^= noise >> 7;
            noise ^= noise << 17;
            packet[i] = (byte)(noise >> 32);
        }

        packet[0] = 0x48;
        BinaryPrimitives.WriteInt32LittleEndian(packet.AsSpan(1), number);
        return packet;
    }

    public static int NumberOf(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadInt32LittleEndian(packet[1..]);

    /// <summary>A file of packets numbered from a first one on, of changing sizes.</summary>
    public static byte[] File(
        int count,
        OpusWriterOptions? options = null,
        int first = 0,
        int preSkip = 312,
        int trimEnd = 0,
        int minSize = 20,
        int maxSize = 100)
    {
        var bytes = new MemoryStream();
        var random = new Random(first + count);
        using (var writer = new OggOpusWriter(
            bytes, new OpusHead(1, preSkip, 16_000), new OpusTags("test"), options, leaveOpen: true))
        {
            for (var i = 0; i < count; i++)
                writer.WritePacket(Make(first + i, random.Next(minSize, maxSize)));
            writer.Finish(trimEnd);
        }

        return bytes.ToArray();
    }
}
