namespace VoiceKit.Containers;

/// <summary>
/// The bytes of an input by their offset from where the stream stood. A stream that cannot seek is read into memory as a whole,
/// in blocks, so that no more is allocated than there is input.
/// </summary>
internal sealed class ByteSource : IDisposable
{
    private const int BlockSize = 1 << 16;

    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private readonly long _origin;
    private readonly List<byte[]>? _blocks;

    /// <exception cref="ArgumentException">The stream cannot be read.</exception>
    public ByteSource(Stream stream, bool leaveOpen)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanRead)
            throw new ArgumentException("The stream cannot be read.", nameof(stream));
        _stream = stream;
        _leaveOpen = leaveOpen;
        try
        {
            if (stream.CanSeek)
                (_origin, Length) = (stream.Position, Math.Max(0, stream.Length - stream.Position));
            else
                Length = ReadAll(_blocks = []);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public long Length { get; }

    /// <summary>Reads at an offset.</summary>
    /// <returns>How many bytes were read: fewer than asked for only at the end of the input.</returns>
    public int Read(long offset, Span<byte> buffer)
    {
        if (offset < 0 || offset >= Length)
            return 0;
        if (_blocks is not null)
            return ReadBlocks(_blocks, offset, buffer);
        _stream.Position = _origin + offset;
        return _stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
    }

    public void Dispose()
    {
        if (!_leaveOpen)
            _stream.Dispose();
    }

    private long ReadAll(List<byte[]> blocks)
    {
        long length = 0;
        while (true)
        {
            var block = new byte[BlockSize];
            var count = _stream.ReadAtLeast(block, BlockSize, throwOnEndOfStream: false);
            if (count > 0)
                blocks.Add(block);
            length += count;
            if (count < BlockSize)
                return length;
        }
    }

    private int ReadBlocks(List<byte[]> blocks, long offset, Span<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Length, Length - offset);
        for (var done = 0; done < count;)
        {
            var at = offset + done;
            var from = blocks[(int)(at / BlockSize)].AsSpan((int)(at % BlockSize));
            var step = Math.Min(from.Length, count - done);
            from[..step].CopyTo(buffer[done..]);
            done += step;
        }

        return count;
    }
}
