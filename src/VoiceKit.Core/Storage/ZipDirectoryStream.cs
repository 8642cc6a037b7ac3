using System.Buffers.Binary;

namespace VoiceKit.Storage;

/// <summary>
/// A zip file whose directory, which stands at its end, is in memory: <see cref="System.IO.Compression.ZipArchive"/> reads that
/// one synchronously, which not every stream allows. All else is read from the file itself.
/// </summary>
internal sealed class ZipDirectoryStream : Stream
{
    // The records at the end, and the longest comment behind them (APPNOTE.TXT 4.3.14 to 4.3.16).
    private const int EndSize = 22;
    private const int Zip64LocatorSize = 20;
    private const int Zip64EndSize = 56;
    private const int MaxTailSize = EndSize + ushort.MaxValue + Zip64LocatorSize + Zip64EndSize;
    private const uint EndSignature = 0x06054b50;
    private const uint Zip64LocatorSignature = 0x07064b50;
    private const uint Zip64EndSignature = 0x06064b50;

    /// <summary>Some five million messages.</summary>
    private const int MaxDirectorySize = 1 << 29;

    private readonly Stream _file;
    private readonly long _start;
    private readonly byte[] _end;
    private long _position;

    private ZipDirectoryStream(Stream file, long start, byte[] end) => (_file, _start, _end) = (file, start, end);

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _start + _end.Length;

    public override long Position
    {
        get => _position;
        set => _position = value;
    }

    /// <summary>Reads the directory.</summary>
    /// <param name="file">The zip file; must be able to seek; stays open.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="InvalidDataException">The directory is too large.</exception>
    public static async Task<ZipDirectoryStream> ReadAsync(Stream file, CancellationToken cancellationToken)
    {
        var length = file.Length;
        var tailStart = Math.Max(0, length - MaxTailSize);
        var tail = await ReadFromAsync(file, tailStart, length, cancellationToken).ConfigureAwait(false);
        var start = FindDirectory(tail, tailStart);
        if (start < 0 || start >= tailStart)
            return new ZipDirectoryStream(file, tailStart, tail);
        if (tailStart - start > MaxDirectorySize)
            throw new InvalidDataException("The directory is too large.");
        return new ZipDirectoryStream(
            file, start, await ReadFromAsync(file, start, length, cancellationToken).ConfigureAwait(false));
    }

    public override int Read(Span<byte> buffer)
    {
        if (TryReadEnd(buffer, out var count))
            return count;
        _file.Position = _position;
        count = _file.Read(buffer[..BeforeEnd(buffer.Length)]);
        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (TryReadEnd(buffer.Span, out var count))
            return count;
        _file.Position = _position;
        count = await _file.ReadAsync(buffer[..BeforeEnd(buffer.Length)], cancellationToken).ConfigureAwait(false);
        _position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin)
    {
        var position = offset + origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => _position,
            _ => Length,
        };
        if (position < 0)
            throw new IOException("The position is before the beginning of the file.");
        return _position = position;
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private static async Task<byte[]> ReadFromAsync(Stream file, long start, long end, CancellationToken cancellationToken)
    {
        var bytes = new byte[end - start];
        file.Position = start;
        var count = await file.ReadAtLeastAsync(
            bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return count == bytes.Length ? bytes : bytes[..count];
    }

    /// <summary>Where the directory begins; −1 where the end says nothing of it, which is for the archive to tell.</summary>
    private static long FindDirectory(ReadOnlySpan<byte> tail, long tailStart)
    {
        for (var at = tail.Length - EndSize; at >= 0; at--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail[at..]) != EndSignature)
                continue;
            var start = BinaryPrimitives.ReadUInt32LittleEndian(tail[(at + 16)..]);
            return start == uint.MaxValue ? FindZip64Directory(tail, tailStart, at - Zip64LocatorSize) : start;
        }

        return -1;
    }

    private static long FindZip64Directory(ReadOnlySpan<byte> tail, long tailStart, int locator)
    {
        if (locator < 0 || BinaryPrimitives.ReadUInt32LittleEndian(tail[locator..]) != Zip64LocatorSignature)
            return -1;
        var at = BinaryPrimitives.ReadInt64LittleEndian(tail[(locator + 8)..]) - tailStart;
        if (at < 0 || at > tail.Length - Zip64EndSize
            || BinaryPrimitives.ReadUInt32LittleEndian(tail[(int)at..]) != Zip64EndSignature)
            return -1;
        return BinaryPrimitives.ReadInt64LittleEndian(tail[((int)at + 48)..]);
    }

    private bool TryReadEnd(Span<byte> buffer, out int count)
    {
        count = 0;
        if (_position < _start)
            return false;
        var at = Math.Min(_position - _start, _end.Length);
        count = Math.Min(buffer.Length, _end.Length - (int)at);
        _end.AsSpan((int)at, count).CopyTo(buffer);
        _position += count;
        return true;
    }

    private int BeforeEnd(int count) => (int)Math.Min(count, _start - _position);
}
