namespace VoiceKit.Tests.Support;

/// <summary>
/// Another stream, of which all that would block throws: what the body of a request or a response is to a server. Each call
/// really waits, so that what takes the result before it is there is found too.
/// </summary>
internal sealed class AsyncOnlyStream(Stream inner) : Stream
{
    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => inner.CanSeek;

    public override bool CanWrite => inner.CanWrite;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value;
    }

    public bool IsDisposed { get; private set; }

    public override int Read(Span<byte> buffer) => throw Blocks();

    public override int Read(byte[] buffer, int offset, int count) => throw Blocks();

    public override int ReadByte() => throw Blocks();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        return await inner.ReadAsync(buffer, cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(ReadOnlySpan<byte> buffer) => throw Blocks();

    public override void Write(byte[] buffer, int offset, int count) => throw Blocks();

    public override void WriteByte(byte value) => throw Blocks();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        await inner.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() => throw Blocks();

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        await inner.FlushAsync(cancellationToken);
    }

    public override void CopyTo(Stream destination, int bufferSize) => throw Blocks();

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    public override void SetLength(long value) => throw Blocks();

    public override ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return inner.DisposeAsync();
    }

    // A FileStream's Dispose flushes, so it is as bad as a write; but a reader that failed while it was opened may have to.
    protected override void Dispose(bool disposing) => IsDisposed = true;

    private static InvalidOperationException Blocks() => new("Synchronous operations are disallowed.");
}
