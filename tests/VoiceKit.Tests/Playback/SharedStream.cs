namespace VoiceKit.Tests.Playback;

/// <summary>Bytes that grow while they are read.</summary>
internal sealed class SharedStream : Stream
{
    private readonly MemoryStream _bytes = new();
    private bool _isReadToTheEnd;

    public SharedStream(ReadOnlySpan<byte> start) => Append(start);

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length
    {
        get
        {
            lock (_bytes)
                return _bytes.Length;
        }
    }

    public override long Position
    {
        get
        {
            lock (_bytes)
                return _bytes.Position;
        }

        set
        {
            lock (_bytes)
                _bytes.Position = value;
        }
    }

    public void Append(ReadOnlySpan<byte> more)
    {
        lock (_bytes)
        {
            var position = _bytes.Position;
            _bytes.Position = _bytes.Length;
            _bytes.Write(more);
            _bytes.Position = position;
        }
    }

    /// <summary>Whether a read has found nothing more.</summary>
    public bool IsReadToTheEnd
    {
        get
        {
            lock (_bytes)
                return _isReadToTheEnd;
        }
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        lock (_bytes)
        {
            var read = _bytes.Read(buffer, offset, count);
            _isReadToTheEnd = read == 0;
            return read;
        }
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        lock (_bytes)
            return _bytes.Seek(offset, origin);
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
