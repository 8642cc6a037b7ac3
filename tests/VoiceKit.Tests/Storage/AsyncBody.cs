namespace VoiceKit.Tests.Storage;

/// <summary>
/// A stream that is read, written and flushed asynchronously, and throws on any other call, but for seeking and cutting off,
/// which have no other way.
/// </summary>
internal sealed class AsyncBody(MemoryStream inner, bool canSeek = true) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => canSeek;

    public override bool CanWrite => true;

    public override long Length => canSeek ? inner.Length : throw new NotSupportedException();

    public override long Position
    {
        get => canSeek ? inner.Position : throw new NotSupportedException();
        set => inner.Position = canSeek ? value : throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        return await inner.ReadAsync(buffer, cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        await inner.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) =>
        canSeek ? inner.Seek(offset, origin) : throw new NotSupportedException();

    public override void SetLength(long value) => inner.SetLength(value);

    public override int Read(byte[] buffer, int offset, int count) => throw Sync();

    public override int Read(Span<byte> buffer) => throw Sync();

    public override int ReadByte() => throw Sync();

    public override void Write(byte[] buffer, int offset, int count) => throw Sync();

    public override void Write(ReadOnlySpan<byte> buffer) => throw Sync();

    public override void WriteByte(byte value) => throw Sync();

    public override void Flush() => throw Sync();

    public override void CopyTo(Stream destination, int bufferSize) => throw Sync();

    public override IAsyncResult BeginRead(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        throw Sync();

    public override IAsyncResult BeginWrite(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        throw Sync();

    private static InvalidOperationException Sync() => new("Synchronous operations are disallowed.");
}
