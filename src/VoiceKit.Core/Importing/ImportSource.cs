using VoiceKit.IO;

namespace VoiceKit.Importing;

/// <summary>
/// What is imported, to be read as often as it takes: a file, memory, or a copy of a stream, which may be one that is only read
/// asynchronously.
/// </summary>
internal sealed class ImportSource : IDisposable
{
    private readonly string? _path;
    private readonly Stream? _stream;
    private readonly long _start;
    private SpoolStream? _copy;

    private ImportSource(string path) => _path = path;

    private ImportSource(Stream stream, SpoolStream? copy)
    {
        _stream = stream;
        _copy = copy;
        _start = stream.Position;
    }

    /// <summary>A file, or a pipe that is named like one.</summary>
    /// <exception cref="VoiceFormatException">The file is a pipe and gives more bytes than are allowed.</exception>
    public static async Task<ImportSource> OfAsync(string path, long maxSize, CancellationToken cancellationToken)
    {
        var stream = OpenFile(path);
        await using var _ = stream.ConfigureAwait(false);
        return stream.CanSeek
            ? new ImportSource(path)
            : await CopyAsync(stream, maxSize, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What a stream holds from where it stands; it stays open.</summary>
    /// <exception cref="VoiceFormatException">The stream has to be copied and gives more bytes than are allowed.</exception>
    public static async Task<ImportSource> OfAsync(Stream stream, long maxSize, CancellationToken cancellationToken) =>
        IsReadWithoutWaiting(stream)
            ? new ImportSource(stream, null)
            : await CopyAsync(stream, maxSize, cancellationToken).ConfigureAwait(false);

    /// <summary>The input from its beginning. There is one at a time.</summary>
    public Stream Open()
    {
        if (_path is not null)
            return OpenFile(_path);
        _stream!.Position = _start;
        return new BorrowedStream(_stream, _start);
    }

    /// <summary>A file that holds the input.</summary>
    public string GetPath(CancellationToken cancellationToken)
    {
        if (_path is not null)
            return _path;
        if (_copy is null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _stream!.Position = _start;
            _copy = new SpoolStream();
            _stream.CopyTo(_copy);
        }

        return _copy.GetPath();
    }

    public void Dispose() => _copy?.Dispose();

    // Others may wait for a network, or refuse to be read on a thread that waits.
    private static bool IsReadWithoutWaiting(Stream stream) =>
        stream.CanSeek
        && (stream is ReadOnlyMemoryStream || stream.GetType() == typeof(MemoryStream) || stream.GetType() == typeof(FileStream));

    private static async Task<ImportSource> CopyAsync(Stream stream, long maxSize, CancellationToken cancellationToken)
    {
        var copy = new SpoolStream();
        try
        {
            if (!await copy.TryTakeAsync(stream, maxSize, cancellationToken).ConfigureAwait(false))
                throw new VoiceFormatException($"The input is larger than {maxSize} bytes.", maxSize);
            copy.Position = 0;
            return new ImportSource(copy, copy);
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    private static FileStream OpenFile(string path)
    {
        const FileShare Share = FileShare.ReadWrite | FileShare.Delete;
        return new FileStream(path, FileMode.Open, FileAccess.Read, Share, 1, FileOptions.SequentialScan);
    }

    // The caller's stream from where it stood: offsets count from there, and it stays open.
    private sealed class BorrowedStream(Stream inner, long start) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => inner.Length - start;

        public override long Position
        {
            get => inner.Position - start;
            set => inner.Position = value + start;
        }

        public override int Read(Span<byte> buffer) => inner.Read(buffer);

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override long Seek(long offset, SeekOrigin origin) =>
            inner.Seek(origin == SeekOrigin.Begin ? offset + start : offset, origin) - start;

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
