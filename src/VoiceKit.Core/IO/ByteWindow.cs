using System.Buffers.Binary;

namespace VoiceKit.IO;

/// <summary>
/// A piece of a <see cref="ByteSource"/> in memory, which moves to what is asked for. Reading on is cheap; and as no more than a
/// few bytes are read ahead after a jump, jumping about costs little more than the bytes asked for.
/// </summary>
internal sealed class ByteWindow(ByteSource source, int size)
{
    private const int AheadAfterJump = 256;

    private byte[] _buffer = [];
    private int _ahead = AheadAfterJump;
    private long _offset;
    private int _count;

    /// <summary>The bytes at an offset; valid until the next call.</summary>
    /// <returns>Fewer than <paramref name="count"/> bytes only at the end of the input.</returns>
    public ReadOnlySpan<byte> Get(long offset, int count)
    {
        var available = (int)Math.Clamp(source.Length - offset, 0, count);
        if (offset < 0 || available == 0)
            return default;
        if (offset < _offset || offset + available > _offset + _count)
            MoveTo(offset, available);
        var start = (int)(offset - _offset);
        return _buffer.AsSpan(start, Math.Min(available, _count - start));
    }

    /// <summary>The big-endian number at an offset; 0 behind the end of the input.</summary>
    public byte GetByte(long offset) => Get(offset, 1) is [var value] ? value : (byte)0;

    /// <inheritdoc cref="GetByte"/>
    public ushort GetUInt16(long offset) =>
        Get(offset, sizeof(ushort)) is { Length: sizeof(ushort) } bytes ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : (ushort)0;

    /// <inheritdoc cref="GetByte"/>
    public uint GetUInt32(long offset) =>
        Get(offset, sizeof(uint)) is { Length: sizeof(uint) } bytes ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : 0;

    /// <inheritdoc cref="GetByte"/>
    public ulong GetUInt64(long offset) =>
        Get(offset, sizeof(ulong)) is { Length: sizeof(ulong) } bytes ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : 0;

    /// <summary>Whether the input ends at an offset.</summary>
    public bool IsEnd(long offset) => offset >= source.Length;

    private void MoveTo(long offset, int needed)
    {
        var readsOn = offset >= _offset && offset <= _offset + _count;
        _ahead = readsOn ? Math.Min(2 * _ahead, size) : AheadAfterJump;
        var wanted = (int)Math.Min(Math.Max(needed, _ahead), source.Length - offset);
        if (_buffer.Length < wanted)
            _buffer = new byte[wanted];
        _offset = offset;
        _count = 0; // Nothing is in the window if the read fails.
        _count = source.Read(offset, _buffer.AsSpan(0, wanted));
    }
}
