using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace VoiceKit.WebM;

/// <summary>
/// Puts elements together in memory (RFC 8794): those with children are begun and ended, and their size is filled in.
/// </summary>
internal sealed class EbmlBuilder
{
    /// <summary>The size field of an element with children: wide enough for all that is kept in memory.</summary>
    private const int MasterSizeLength = 4;

    private byte[] _bytes = new byte[4096];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Begins an element with children.</summary>
    /// <returns>What ends it with <see cref="End"/>.</returns>
    public int Begin(uint id)
    {
        WriteId(id);
        Reserve(MasterSizeLength);
        return Length;
    }

    public void End(int begin)
    {
        var size = (uint)(Length - begin);
        if (size >= 1 << 7 * MasterSizeLength)
            throw new InvalidOperationException("An element has more than 256 MiB.");
        BinaryPrimitives.WriteUInt32BigEndian(_bytes.AsSpan(begin - MasterSizeLength), size | 0x1000_0000);
    }

    /// <summary>Writes the start of an element with a size field of eight bytes: all ones for an unknown size.</summary>
    public void WriteOpenStart(uint id, long size)
    {
        WriteId(id);
        var bits = size == EbmlHeader.UnknownSize ? ulong.MaxValue >> 7 : (ulong)size | 1UL << 56;
        BinaryPrimitives.WriteUInt64BigEndian(Reserve(sizeof(ulong)), bits);
    }

    /// <summary>Writes a number in as few bytes as it needs, one at least.</summary>
    public void WriteNumber(uint id, ulong value)
    {
        var length = Math.Max(1, 8 - BitOperations.LeadingZeroCount(value) / 8);
        WriteId(id);
        WriteSize(length);
        WriteBigEndian(value, length);
    }

    /// <summary>Writes a number that a reader takes for signed (RFC 8794 §7.1), but is not negative.</summary>
    public void WriteSignedNumber(uint id, ulong value)
    {
        var length = 1 + (64 - BitOperations.LeadingZeroCount(value)) / 8;
        WriteId(id);
        WriteSize(length);
        WriteBigEndian(value, length);
    }

    /// <summary>Writes a number in eight bytes, to be replaced by any other.</summary>
    public void WriteFixedNumber(uint id, ulong value)
    {
        WriteId(id);
        WriteSize(sizeof(ulong));
        WriteBigEndian(value, sizeof(ulong));
    }

    public void WriteFloat(uint id, double value) => WriteFixedNumber(id, BitConverter.DoubleToUInt64Bits(value));

    public void WriteText(uint id, string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        WriteId(id);
        WriteSize(length);
        Encoding.UTF8.GetBytes(text, Reserve(length));
    }

    public void WriteBytes(uint id, ReadOnlySpan<byte> bytes)
    {
        WriteId(id);
        WriteSize(bytes.Length);
        bytes.CopyTo(Reserve(bytes.Length));
    }

    /// <summary>Writes a Void element of a size that includes its header, two bytes at least.</summary>
    public void WriteVoid(int size)
    {
        const int HeaderLength = 1 + sizeof(ulong);
        WriteOpenStart(EbmlId.Void, size - HeaderLength);
        Reserve(size - HeaderLength).Clear();
    }

    /// <summary>Writes a block or simple block with one frame and no lacing (RFC 9559 §10.1, §10.2).</summary>
    public void WriteBlock(uint id, byte track, short timestamp, byte flags, ReadOnlySpan<byte> frame)
    {
        const int HeaderLength = 1 + sizeof(short) + 1;
        WriteId(id);
        WriteSize(HeaderLength + frame.Length);
        var block = Reserve(HeaderLength + frame.Length);
        block[0] = (byte)(0x80 | track);
        BinaryPrimitives.WriteInt16BigEndian(block[1..], timestamp);
        block[HeaderLength - 1] = flags;
        frame.CopyTo(block[HeaderLength..]);
    }

    private void WriteId(uint id) => WriteBigEndian(id, 4 - BitOperations.LeadingZeroCount(id) / 8);

    private void WriteSize(int size)
    {
        var length = 1;
        while (size >= (1L << 7 * length) - 1)
            length++;
        WriteBigEndian((uint)size | 1UL << 7 * length, length);
    }

    private void WriteBigEndian(ulong value, int length)
    {
        var bytes = Reserve(length);
        for (var i = length - 1; i >= 0; i--)
        {
            bytes[i] = (byte)value;
            value >>= 8;
        }
    }

    private Span<byte> Reserve(int count)
    {
        if (count > _bytes.Length - Length)
            Array.Resize(ref _bytes, Math.Max(Length + count, 2 * _bytes.Length));
        Length += count;
        return _bytes.AsSpan(Length - count, count);
    }
}
