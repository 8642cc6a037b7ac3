using System.Buffers.Binary;
using System.Numerics;

namespace VoiceKit.WebM;

/// <summary>The ID and the data size with which an element begins (RFC 8794 §4–§6).</summary>
internal readonly struct EbmlHeader
{
    /// <summary>The data size that says: up to where the parent ends or an element comes that cannot be a child.</summary>
    public const long UnknownSize = -1;

    /// <summary>What EBMLMaxIDLength is when a document says nothing else.</summary>
    public const int DefaultMaxIdLength = 4;

    private const int MaxVariableLength = 8;

    private EbmlHeader(uint id, long dataSize, int length)
    {
        Id = id;
        DataSize = dataSize;
        Length = length;
    }

    /// <summary>The ID with its length marker; 0 for one of more than four bytes, none of which is known.</summary>
    public uint Id { get; }

    /// <summary>The size of the data, or <see cref="UnknownSize"/>.</summary>
    public long DataSize { get; }

    /// <summary>The size of the header itself.</summary>
    public int Length { get; }

    /// <summary>Reads the header at the start of the data.</summary>
    /// <param name="data">What there is, from the ID on.</param>
    /// <param name="maxIdLength">The longest ID of the document, 4…8.</param>
    /// <param name="header">The header, where the result is <see cref="EbmlStatus.Valid"/>.</param>
    public static EbmlStatus Read(ReadOnlySpan<byte> data, int maxIdLength, out EbmlHeader header)
    {
        header = default;
        if (data.Length > 2 && data[0] is > 0x80 and < 0xFF && (data[1] is > 0x80 and < 0xFF || (data[1] & 0xC0) == 0x40))
            return ReadShort(data, out header);
        if (data.IsEmpty)
            return EbmlStatus.Incomplete;
        var idLength = LengthOf(data[0]);
        if (idLength > maxIdLength)
            return EbmlStatus.Broken;
        if (data.Length <= idLength)
            return EbmlStatus.Incomplete;
        var id = ReadBigEndian(data[..idLength]);
        if (IsReservedId(id, idLength))
            return EbmlStatus.Broken;

        var status = ReadSize(data[idLength..], out var size, out var sizeLength);
        header = new EbmlHeader(idLength > sizeof(uint) ? 0 : (uint)id, size, idLength + sizeLength);
        return status;
    }

    // What nearly all elements of the audio have: an ID of one byte, and a size of one or two.
    private static EbmlStatus ReadShort(ReadOnlySpan<byte> data, out EbmlHeader header)
    {
        var size = data[1] >= 0x80 ? data[1] & 0x7F : (data[1] & 0x3F) << 8 | data[2];
        if (size == 0x3FFF)
            header = new EbmlHeader(data[0], UnknownSize, 3);
        else
            header = new EbmlHeader(data[0], size, data[1] >= 0x80 ? 2 : 3);
        return EbmlStatus.Valid;
    }

    /// <summary>Reads a variable-size number whose marker is no part of its value; all ones stand for an unknown size.</summary>
    public static EbmlStatus ReadSize(ReadOnlySpan<byte> data, out long value, out int length)
    {
        value = length = 0;
        if (data.IsEmpty)
            return EbmlStatus.Incomplete;
        length = LengthOf(data[0]);
        if (length > MaxVariableLength)
            return EbmlStatus.Broken;
        if (data.Length < length)
            return EbmlStatus.Incomplete;
        var mask = MaskOf(length);
        var bits = ReadBigEndian(data[..length]) & mask;
        value = bits == mask ? UnknownSize : (long)bits;
        return EbmlStatus.Valid;
    }

    /// <summary>Reads a big-endian unsigned number of up to eight bytes; none are 0 (RFC 8794 §7.2).</summary>
    public static ulong ReadBigEndian(ReadOnlySpan<byte> data)
    {
        ulong value = 0;
        foreach (var part in data)
            value = value << 8 | part;
        return value;
    }

    /// <summary>Reads a big-endian signed number of up to eight bytes; none are 0 (RFC 8794 §7.1).</summary>
    public static long ReadSigned(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
            return 0;
        var unused = 64 - 8 * data.Length;
        return (long)(ReadBigEndian(data) << unused) >> unused;
    }

    /// <summary>Reads a float of four or eight bytes; none are 0 (RFC 8794 §7.3).</summary>
    public static double ReadFloat(ReadOnlySpan<byte> data) => data.Length switch
    {
        sizeof(float) => BinaryPrimitives.ReadSingleBigEndian(data),
        sizeof(double) => BinaryPrimitives.ReadDoubleBigEndian(data),
        _ => 0,
    };

    private static int LengthOf(byte first) => BitOperations.LeadingZeroCount((uint)first) - 23;

    private static ulong MaskOf(int length) => (1UL << 7 * length) - 1;

    // §5: the bits behind the marker are neither all 0 nor all 1.
    private static bool IsReservedId(ulong id, int length)
    {
        var mask = MaskOf(length);
        return (id & mask) == 0 || (id & mask) == mask;
    }
}
