using System.Buffers;

namespace VoiceKit.WebChat.Messages;

/// <summary>
/// A message without its tags, read from its file: who sent it is for the room to tell. As long as the file, so that ranges of it
/// are ranges of the file. Keeps the pages of the headers in memory, 2 KB or so, and never more than 64 KB.
/// </summary>
internal sealed class UntaggedStream : Stream
{
    private const int MaxHeadSize = 64 * 1024;

    private readonly FileStream _file;
    private readonly byte[] _head;

    private UntaggedStream(FileStream file, byte[] head)
    {
        _file = file;
        _head = head;
        Length = file.Length;
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length { get; }

    public override long Position { get; set; }

    /// <summary>Reads the headers of a file.</summary>
    /// <param name="file">The file; closed with the stream.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Null where the tags cannot be left out without moving what is behind them; the file is still open then.</returns>
    public static async Task<UntaggedStream?> TryOpenAsync(FileStream file, CancellationToken cancellationToken)
    {
        var wanted = (int)Math.Min(MaxHeadSize, file.Length);
        var start = ArrayPool<byte>.Shared.Rent(wanted);
        try
        {
            file.Position = 0;
            var count = await file.ReadAtLeastAsync(
                start.AsMemory(0, wanted), wanted, throwOnEndOfStream: false, cancellationToken);
            var size = UntaggedHead.Blank(start.AsSpan(0, count));
            file.Position = 0;
            return size == 0 ? null : new UntaggedStream(file, start[..size]);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(start);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var count = TryReadHead(buffer);
        if (count == 0)
            count = RandomAccess.Read(_file.SafeFileHandle, buffer, Position);
        Position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = TryReadHead(buffer.Span);
        if (count == 0)
            count = await RandomAccess.ReadAsync(_file.SafeFileHandle, buffer, Position, cancellationToken);
        Position += count;
        return count;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => Length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _file.Dispose();
        base.Dispose(disposing);
    }

    private int TryReadHead(Span<byte> buffer)
    {
        if (Position >= _head.Length)
            return 0;
        var rest = _head.AsSpan((int)Position);
        var count = Math.Min(rest.Length, buffer.Length);
        rest[..count].CopyTo(buffer);
        return count;
    }
}
