using System.Buffers;

namespace VoiceKit.Audio;

/// <summary>A forward-only window on a stream: look ahead, then move on. It reads no more than it is asked to show.</summary>
internal sealed class WavInput(Stream stream) : IDisposable
{
    /// <summary>The most bytes that <see cref="Peek"/> can show; more than the largest frame (255 channels of 8 bytes).</summary>
    public const int Window = 1 << 16;

    private byte[]? _buffer = ArrayPool<byte>.Shared.Rent(Window);
    private int _start;
    private int _end;
    private bool _ended;

    /// <summary>The bytes that were passed, counted from where the stream stood at the beginning.</summary>
    public long Offset { get; private set; }

    /// <summary>Whether <see cref="Dispose"/> was called.</summary>
    public bool IsDisposed => _buffer is null;

    private byte[] Buffer => _buffer ?? throw new ObjectDisposedException(nameof(WavReader));

    /// <summary>
    /// The bytes ahead: at least <paramref name="count"/> (at most <see cref="Window"/>), fewer only where the stream ends.
    /// </summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        byte[] buffer = Buffer;
        if (_end - _start < count)
            Fill(buffer, count);
        return buffer.AsSpan(_start, _end - _start);
    }

    /// <summary>Moves past bytes that <see cref="Peek"/> showed.</summary>
    public void Advance(int count)
    {
        _start += count;
        Offset += count;
    }

    /// <summary>Moves past bytes by reading them; stops early only where the stream ends.</summary>
    public void Skip(long count)
    {
        while (count > 0)
        {
            int step = (int)Math.Min(count, Peek(1).Length);
            if (step == 0)
                return;
            Advance(step);
            count -= step;
        }
    }

    /// <summary>Gives the buffer back; the stream stays as it is.</summary>
    public void Dispose()
    {
        if (_buffer is null)
            return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
    }

    private void Fill(byte[] buffer, int count)
    {
        buffer.AsSpan(_start, _end - _start).CopyTo(buffer);
        _end -= _start;
        _start = 0;
        while (_end < count && !_ended)
        {
            int read = stream.Read(buffer, _end, Window - _end);
            _end += read;
            _ended = read == 0;
        }
    }
}
