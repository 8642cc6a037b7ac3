namespace VoiceKit.Importing;

/// <summary>What is imported, to be read as often as it takes: a file, or a stream, which is kept in a file where it cannot seek.</summary>
internal sealed class ImportSource : IDisposable
{
    private readonly Stream? _stream;
    private readonly long _start;
    private string? _path;
    private string? _temporaryPath;

    private ImportSource(string? path, Stream? stream)
    {
        _path = path;
        _stream = stream;
        _start = stream is { CanSeek: true } ? stream.Position : 0;
    }

    /// <summary>A file, or a pipe that is named like one.</summary>
    public static ImportSource Of(string path, long maxSize, CancellationToken cancellationToken)
    {
        var source = new ImportSource(path, null);
        using var stream = source.Open();
        return stream.CanSeek ? source : Of(stream, maxSize, cancellationToken);
    }

    /// <summary>What a stream holds from where it stands; it stays open.</summary>
    public static ImportSource Of(Stream stream, long maxSize, CancellationToken cancellationToken)
    {
        var source = new ImportSource(null, stream);
        if (stream.CanSeek)
            return source;
        try
        {
            source.Keep(maxSize, cancellationToken);
            return source;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>The input from its beginning. There is one at a time.</summary>
    public Stream Open()
    {
        if (_path is not null)
        {
            const FileShare Share = FileShare.ReadWrite | FileShare.Delete;
            return new FileStream(_path, FileMode.Open, FileAccess.Read, Share, 1, FileOptions.SequentialScan);
        }

        _stream!.Position = _start;
        return new BorrowedStream(_stream, _start);
    }

    /// <summary>A file that holds the input.</summary>
    public string GetPath(CancellationToken cancellationToken)
    {
        if (_path is null)
        {
            _stream!.Position = _start;
            Keep(long.MaxValue, cancellationToken);
        }

        return _path!;
    }

    public void Dispose()
    {
        if (_temporaryPath is null)
            return;
        try
        {
            File.Delete(_temporaryPath);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The system clears its folder for temporary files in its own time.
        }
    }

    private void Keep(long maxSize, CancellationToken cancellationToken)
    {
        _temporaryPath = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(_temporaryPath, options);
        var buffer = new byte[64 * 1024];
        int count;
        while ((count = _stream!.Read(buffer)) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (file.Length + count > maxSize)
                throw new VoiceFormatException($"The input is larger than {maxSize} bytes.", maxSize);
            file.Write(buffer, 0, count);
        }

        _path = _temporaryPath;
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
