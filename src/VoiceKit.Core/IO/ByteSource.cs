namespace VoiceKit.IO;

/// <summary>
/// The bytes of an input by their offset from where the stream stood. A stream that cannot seek is read into memory as a whole,
/// in blocks, so that no more is allocated than there is input.
/// </summary>
internal sealed class ByteSource : IDisposable, IAsyncDisposable
{
    private const int BlockSize = 1 << 16;

    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private readonly long _origin;
    private readonly ByteSource? _whole;
    private List<byte[]>? _blocks;
    private BlockCache? _cache;
    private bool _mayNotWait;

    private ByteSource(Stream stream, bool leaveOpen)
    {
        _stream = stream;
        _leaveOpen = leaveOpen;
        if (stream.CanSeek)
            (_origin, Length) = (stream.Position, Math.Max(0, stream.Length - stream.Position));
    }

    private ByteSource(ByteSource whole, long start, long length)
    {
        _whole = whole;
        _stream = Stream.Null;
        (_leaveOpen, _origin, Length) = (true, start, length);
    }

    public long Length { get; private set; }

    /// <summary>Takes a stream, and reads it if it cannot seek.</summary>
    /// <exception cref="ArgumentException">The stream cannot be read.</exception>
    public static ByteSource Open(Stream stream, bool leaveOpen) =>
        SyncCompletion.Complete(Open(stream, leaveOpen, isAsync: false, CancellationToken.None));

    /// <inheritdoc cref="Open(Stream, bool)"/>
    public static async ValueTask<ByteSource> Open(
        Stream stream, bool leaveOpen, bool isAsync, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanRead)
            throw new ArgumentException("The stream cannot be read.", nameof(stream));
        var source = new ByteSource(stream, leaveOpen);
        try
        {
            if (!stream.CanSeek)
                await source.ReadAll(isAsync, cancellationToken).ConfigureAwait(false);
            return source;
        }
        catch
        {
            if (isAsync)
                await source.DisposeAsync().ConfigureAwait(false);
            else
                source.Dispose();
            throw;
        }
    }

    /// <summary>A part of it, whose offsets count from its start; it stays open with the whole.</summary>
    public ByteSource Slice(long start, long length) => new(this, start, length);

    /// <summary>Reads at an offset.</summary>
    /// <returns>How many bytes were read: fewer than asked for only at the end of the input.</returns>
    /// <exception cref="BytesMissingException">
    /// The bytes are not in memory, and the work is one that may not wait for them.
    /// </exception>
    public int Read(long offset, Span<byte> buffer)
    {
        if (offset < 0 || offset >= Length)
            return 0;
        if (_whole is not null)
            return _whole.Read(_origin + offset, buffer[..(int)Math.Min(buffer.Length, Length - offset)]);
        if (_blocks is not null)
            return ReadBlocks(_blocks, offset, buffer);
        if (_mayNotWait)
        {
            buffer = buffer[..(int)Math.Min(buffer.Length, Length - offset)];
            _cache!.Read(offset, buffer);
            return buffer.Length;
        }

        _stream.Position = _origin + offset;
        return _stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
    }

    /// <summary>Does work that reads, without waiting for the stream.</summary>
    /// <typeparam name="T">What comes of it.</typeparam>
    /// <param name="work">The work.</param>
    /// <param name="result">What came of it.</param>
    /// <returns>
    /// False where bytes were missing. What the work has changed is then to be undone, <see cref="LoadAsync"/> to be awaited, and
    /// the work to be tried again.
    /// </returns>
    public bool TryWithoutWaiting<T>(Func<T> work, out T result)
    {
        if (_whole is not null)
            return _whole.TryWithoutWaiting(work, out result);
        _cache ??= new BlockCache();
        _mayNotWait = true;
        try
        {
            result = work();
            _cache.EndWork();
            return true;
        }
        catch (BytesMissingException)
        {
            result = default!;
            return false;
        }
        finally
        {
            _mayNotWait = false;
        }
    }

    /// <summary>
    /// Does work that reads and changes nothing where it fails, as often as it takes for all bytes to be there.
    /// </summary>
    /// <typeparam name="T">What comes of it.</typeparam>
    /// <param name="work">The work.</param>
    /// <param name="cancellationToken">Ends the wait for input.</param>
    public async ValueTask<T> WithoutWaitingAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryWithoutWaiting(work, out var result))
                return result;
            await LoadAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Brings the bytes that were missing.</summary>
    /// <param name="cancellationToken">Ends the wait for input.</param>
    public ValueTask LoadAsync(CancellationToken cancellationToken) => _whole is not null
        ? _whole.LoadAsync(cancellationToken)
        : _cache!.LoadAsync(_stream, _origin, Length, cancellationToken);

    public void Dispose()
    {
        if (!_leaveOpen)
            _stream.Dispose();
    }

    public ValueTask DisposeAsync() => _leaveOpen ? ValueTask.CompletedTask : _stream.DisposeAsync();

    private async ValueTask ReadAll(bool isAsync, CancellationToken cancellationToken)
    {
        _blocks = [];
        while (true)
        {
            var block = new byte[BlockSize];
            var count = isAsync
                ? await _stream.ReadAtLeastAsync(block, BlockSize, false, cancellationToken).ConfigureAwait(false)
                : _stream.ReadAtLeast(block, BlockSize, throwOnEndOfStream: false);
            if (count > 0)
                _blocks.Add(block);
            Length += count;
            if (count < BlockSize)
                return;
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
