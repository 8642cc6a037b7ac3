namespace VoiceKit.Tests.Audio;

/// <summary>A stream that can neither seek nor tell its length, and gives or takes at most a few bytes a time.</summary>
internal sealed class WavTrickleStream(Stream inner, int step = int.MaxValue) : Stream
{
    public override bool CanRead => inner.CanRead;
    public override bool CanSeek => false;
    public override bool CanWrite => inner.CanWrite;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, Math.Min(count, step));
    public override int Read(Span<byte> buffer) => inner.Read(buffer[..Math.Min(buffer.Length, step)]);
    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);
    public override void Write(ReadOnlySpan<byte> buffer) => inner.Write(buffer);
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Flush() => inner.Flush();
}

/// <summary>A seekable stream of any length that keeps its first bytes alone; all others read as zero.</summary>
internal sealed class WavSparseStream(byte[] head, long length = 0) : Stream
{
    private long _length = length;

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => true;
    public override long Length => _length;
    public override long Position { get; set; }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        buffer = buffer[..(int)Math.Min(buffer.Length, Math.Max(0, _length - Position))];
        buffer.Clear();
        if (Position < head.Length)
        {
            ReadOnlySpan<byte> kept = head.AsSpan((int)Position);
            kept[..Math.Min(kept.Length, buffer.Length)].CopyTo(buffer);
        }
        Position += buffer.Length;
        return buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (Position < head.Length)
            buffer[..(int)Math.Min(buffer.Length, head.Length - Position)].CopyTo(head.AsSpan((int)Position));
        Position += buffer.Length;
        _length = Math.Max(_length, Position);
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => _length = value;
    public override void Flush()
    {
    }
}

/// <summary>A stream that takes some bytes and then fails.</summary>
internal sealed class WavFullDisk(int room) : MemoryStream
{
    public int Failures { get; private set; }

    // The base class leads spans here as well.
    public override void Write(byte[] buffer, int offset, int count)
    {
        if (Position + count > room)
        {
            Failures++;
            throw new IOException($"The disk is full ({Failures}).");
        }
        base.Write(buffer, offset, count);
    }
}
