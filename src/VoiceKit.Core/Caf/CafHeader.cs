using System.Buffers.Binary;
using VoiceKit.Opus;

namespace VoiceKit.Caf;

/// <summary>Makes the chunks of a CAF file of Opus, but for the packets and their table.</summary>
internal static class CafHeader
{
    /// <summary>Where mFramesPerPacket is in the file.</summary>
    public const int FramesPerPacketAt = 8 + ChunkHeaderSize + 20;

    /// <summary>The size of the header of a data chunk, edit count included.</summary>
    public const int DataHeaderSize = ChunkHeaderSize + 4;

    /// <summary>The size of a packet table's header, that of its chunk included.</summary>
    public const int TableHeaderSize = ChunkHeaderSize + 24;

    private const int ChunkHeaderSize = 12;
    private const int DescriptionSize = 32;
    private const int LayoutSize = 12;

    // kCAFChannelLayoutTag_Mono and _Stereo.
    private const uint MonoLayout = 100 << 16 | 1;
    private const uint StereoLayout = 101 << 16 | 2;

    /// <summary>The file's header and the desc, chan and info chunks.</summary>
    public static byte[] Make(OpusHead head, OpusTags tags, uint framesPerPacket, int sampleRate)
    {
        var information = CafInformation.Make(tags);
        var bytes = new byte[8 + 3 * ChunkHeaderSize + DescriptionSize + LayoutSize + information.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, CafChunkType.File);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), 1);

        var rest = BeginChunk(bytes.AsSpan(8), CafChunkType.Description, DescriptionSize);
        BinaryPrimitives.WriteDoubleBigEndian(rest, sampleRate);
        BinaryPrimitives.WriteUInt32BigEndian(rest[8..], CafChunkType.Opus);
        BinaryPrimitives.WriteUInt32BigEndian(rest[20..], framesPerPacket);
        BinaryPrimitives.WriteInt32BigEndian(rest[24..], head.Channels);

        rest = BeginChunk(rest[DescriptionSize..], CafChunkType.ChannelLayout, LayoutSize);
        BinaryPrimitives.WriteUInt32BigEndian(rest, head.Channels == 1 ? MonoLayout : StereoLayout);

        rest = BeginChunk(rest[LayoutSize..], CafChunkType.Information, information.Length);
        information.CopyTo(rest);
        return bytes;
    }

    /// <summary>The header of the data chunk; a size of −1 is "to the end of the file".</summary>
    public static void WriteDataHeader(Span<byte> bytes, long packetsSize) => BinaryPrimitives.WriteInt32BigEndian(
        BeginChunk(bytes, CafChunkType.Data, packetsSize < 0 ? -1 : packetsSize + 4), 0);

    /// <summary>The header of the packet table.</summary>
    public static void WriteTableHeader(Span<byte> bytes, CafPacketTable table, long validFrames, int priming, int remainder)
    {
        var rest = BeginChunk(bytes, CafChunkType.PacketTable, TableHeaderSize - ChunkHeaderSize + table.Entries.Length);
        BinaryPrimitives.WriteInt64BigEndian(rest, table.Count);
        BinaryPrimitives.WriteInt64BigEndian(rest[8..], validFrames);
        BinaryPrimitives.WriteInt32BigEndian(rest[16..], priming);
        BinaryPrimitives.WriteInt32BigEndian(rest[20..], remainder);
    }

    private static Span<byte> BeginChunk(Span<byte> bytes, uint type, long size)
    {
        BinaryPrimitives.WriteUInt32BigEndian(bytes, type);
        BinaryPrimitives.WriteInt64BigEndian(bytes[4..], size);
        return bytes[ChunkHeaderSize..];
    }
}
