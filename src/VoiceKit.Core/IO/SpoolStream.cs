namespace VoiceKit.IO;

/// <summary>
/// Bytes that are written once and read as often as it takes: in memory as long as there are few, then in a file
/// (<see cref="ScratchFile"/>).
/// </summary>
internal sealed class SpoolStream : Stream
{
    /// <summary>How many bytes stay in memory.</summary>
    public const int MaxInMemory = 1 << 20;

    private Stream _bytes = new MemoryStream();
    private ScratchFile? _file;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Length => _bytes.Length;

    public override long Position
    {
        get => _bytes.Position;
        set => _bytes.Position = value;
    }

    /// <summary>A path of a file that holds the bytes, as long as this is not disposed.</summary>
    /// <exception cref="IOException">The file could not be written.</exception>
    public string GetPath()
    {
        MoveToFile();
        return _file!.Path;
    }

    /// <summary>Takes a stream to its end.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="limit">How many bytes are taken at most.</param>
    /// <param name="cancellationToken">Ends the wait for input.</param>
    /// <returns>False when there are more; the rest is not read then.</returns>
    public async Task<bool> TryTakeAsync(Stream stream, long limit, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        int count;
        while ((count = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            if (Length + count > limit)
                return false;
            Write(buffer.AsSpan(0, count));
        }

        return true;
    }

    public override int Read(Span<byte> buffer) => _bytes.Read(buffer);

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_file is null && _bytes.Position + buffer.Length > MaxInMemory)
            MoveToFile();
        _bytes.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => _bytes.Seek(offset, origin);

    public override void SetLength(long value) => _bytes.SetLength(value);

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _file?.Dispose();
        base.Dispose(disposing);
    }

    private void MoveToFile()
    {
        if (_file is not null)
            return;
        var position = _bytes.Position;
        _file = ScratchFile.Create();
        ((MemoryStream)_bytes).WriteTo(_file.Stream);
        _bytes = _file.Stream;
        _bytes.Position = position;
    }
}
