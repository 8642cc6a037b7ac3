using System.Buffers.Binary;
using System.Text;

namespace VoiceKit.Mp4;

/// <summary>Puts boxes together in memory (ISO/IEC 14496-12 §4.2): each is begun and ended, and its size is filled in.</summary>
internal sealed class Mp4BoxBuilder
{
    private byte[] _bytes = new byte[1024];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Begins a box.</summary>
    /// <returns>What ends it with <see cref="End"/>.</returns>
    public int Begin(ReadOnlySpan<byte> type)
    {
        var at = Length;
        UInt32(0);
        Bytes(type);
        return at;
    }

    /// <summary>Begins a box with a version and flags.</summary>
    public int Begin(ReadOnlySpan<byte> type, byte version, uint flags = 0)
    {
        var at = Begin(type);
        UInt32((uint)version << 24 | flags);
        return at;
    }

    public void End(int begin) => BinaryPrimitives.WriteInt32BigEndian(_bytes.AsSpan(begin), Length - begin);

    public void Byte(byte value) => Reserve(1)[0] = value;

    public void UInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Reserve(sizeof(ushort)), value);

    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Reserve(sizeof(uint)), value);

    public void UInt64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Reserve(sizeof(ulong)), value);

    public void Zeros(int count) => Reserve(count).Clear();

    public void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Reserve(bytes.Length));

    public void Text(string text)
    {
        var size = Encoding.UTF8.GetByteCount(text);
        Encoding.UTF8.GetBytes(text, Reserve(size));
    }

    /// <summary>Writes a number over one that was written before.</summary>
    public void SetUInt32(int at, uint value) => BinaryPrimitives.WriteUInt32BigEndian(_bytes.AsSpan(at), value);

    private Span<byte> Reserve(int count)
    {
        if (Length + count > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, Length + count));
        Length += count;
        return _bytes.AsSpan(Length - count, count);
    }
}
