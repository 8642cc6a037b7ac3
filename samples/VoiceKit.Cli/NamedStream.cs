namespace VoiceKit.Cli;

/// <summary>An input or output that says its name when it fails.</summary>
internal sealed class NamedStream(Stream inner, string name) : Stream
{
    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => inner.CanSeek;

    public override bool CanWrite => inner.CanWrite;

    public override long Length => UnlessClosed(() => inner.Length);

    public override long Position
    {
        get => UnlessClosed(() => inner.Position);
        set => UnlessClosed(() => inner.Position = value);
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return inner.Read(buffer);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw InputException.From(name, exception);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            inner.Write(buffer);
        }
        catch (Exception exception) when (exception is IOException or ArgumentOutOfRangeException)
        {
            // The latter is how the runtime says that a file grows beyond what its file system takes.
            throw InputException.CannotWrite(name, exception);
        }
        catch (ObjectDisposedException exception)
        {
            throw Closed(exception);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        try
        {
            inner.Flush();
        }
        catch (ObjectDisposedException exception)
        {
            throw Closed(exception);
        }
    }

    public override long Seek(long offset, SeekOrigin origin) => UnlessClosed(() => inner.Seek(offset, origin));

    public override void SetLength(long value) => UnlessClosed(() =>
    {
        inner.SetLength(value);
        return value;
    });

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private static long UnlessClosed(Func<long> work)
    {
        try
        {
            return work();
        }
        catch (ObjectDisposedException exception)
        {
            throw Closed(exception);
        }
    }

    // Cancelling closes the output, which the work may notice first.
    private static OperationCanceledException Closed(ObjectDisposedException exception) =>
        new("The output was closed.", exception);
}
