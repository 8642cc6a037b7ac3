using System.Buffers;

namespace VoiceKit.WebM;

/// <summary>
/// The bytes of the input that are being looked at. Grows with the input only, never with what a size field claims.
/// </summary>
internal sealed class EbmlWindow : IDisposable
{
    private const int InitialSize = 64 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(InitialSize);
    private int _start;
    private int _end;
    private long _bufferOffset;
    private long _skip;

    /// <summary>Whether the input has ended: nothing will come behind <see cref="Pending"/>.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>The offset in the input of the first pending byte.</summary>
    public long Offset => _bufferOffset + _start;

    /// <summary>The bytes that are there and not yet consumed.</summary>
    public ReadOnlySpan<byte> Pending => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Whether bytes that have yet to come are to be skipped.</summary>
    public bool IsSkipping => _skip > 0;

    /// <summary>The array behind <see cref="Pending"/>; its bytes stay where they are until <see cref="GetFreeSpace"/>.</summary>
    public byte[] Buffer => _buffer;

    /// <summary>Where in <see cref="Buffer"/> the pending bytes begin.</summary>
    public int Start => _start;

    /// <summary>Room for more bytes; at least one. Moves the pending bytes.</summary>
    public Memory<byte> GetFreeSpace()
    {
        if (_start > 0)
        {
            Pending.CopyTo(_buffer);
            _bufferOffset += _start;
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
            Grow();
        return _buffer.AsMemory(_end);
    }

    /// <summary>Announces bytes put into the free space; none means that the input has ended.</summary>
    public void Advance(int count)
    {
        _end += count;
        IsComplete = count == 0;
    }

    public void Consume(int count) => _start += count;

    /// <summary>Consumes bytes of which some may have yet to come.</summary>
    public void Skip(long count)
    {
        _skip = count;
        CompleteSkip();
    }

    /// <summary>Goes on skipping; true when nothing is left to skip.</summary>
    public bool CompleteSkip()
    {
        if (_skip == 0)
            return true;
        var count = (int)Math.Min(_skip, _end - _start);
        _start += count;
        _skip -= count;
        return _skip == 0;
    }

    /// <summary>Goes to an offset of the input: the next bytes are those from there on.</summary>
    public void Seek(long offset)
    {
        _bufferOffset = offset;
        _start = _end = 0;
        _skip = 0;
        IsComplete = false;
    }

    public void Dispose()
    {
        if (_buffer.Length == 0)
            return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _start = _end = 0;
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(2 * _buffer.Length);
        _buffer.AsSpan(0, _end).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
