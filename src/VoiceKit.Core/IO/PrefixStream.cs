namespace VoiceKit.IO;

/// <summary>A stream whose first bytes were looked at and are given again.</summary>
internal sealed class PrefixStream(ReadOnlyMemory<byte> prefix, Stream rest, bool leaveOpen) : Stream
{
    private bool _isClosed;
    private int _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Looks at the first bytes of a stream.</summary>
    /// <param name="stream">The stream. It goes into the new one, where there is one.</param>
    /// <param name="bytes">Receives the bytes.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the new one is disposed.</param>
    /// <param name="isAsync">Whether the stream is read asynchronously.</param>
    /// <param name="cancellationToken">Ends the wait for input.</param>
    /// <returns>The stream itself, back where it was, or one that gives those bytes again; and how many there are.</returns>
    public static async ValueTask<(Stream Stream, int Count)> Peek(
        Stream stream, byte[] bytes, bool leaveOpen, bool isAsync, CancellationToken cancellationToken)
    {
        var start = stream.CanSeek ? stream.Position : 0;
        var count = isAsync
            ? await stream.ReadAtLeastAsync(
                bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false)
            : stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (!stream.CanSeek)
            return (new PrefixStream(bytes.AsMemory(0, count), stream, leaveOpen), count);
        stream.Position = start;
        return (stream, count);
    }

    public override int Read(Span<byte> buffer)
    {
        if (_position == prefix.Length)
            return rest.Read(buffer);
        var count = Math.Min(buffer.Length, prefix.Length - _position);
        prefix.Span.Slice(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _position < prefix.Length ? ValueTask.FromResult(Read(buffer.Span)) : rest.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    // The base class closes by the synchronous way, which then finds the other stream closed.
    public override async ValueTask DisposeAsync()
    {
        if (!leaveOpen && !_isClosed)
        {
            _isClosed = true;
            await rest.DisposeAsync().ConfigureAwait(false);
        }

        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !leaveOpen && !_isClosed)
            rest.Dispose();
        _isClosed = true;
        base.Dispose(disposing);
    }
}
