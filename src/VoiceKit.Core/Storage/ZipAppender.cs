using System.Buffers.Binary;
using System.Text;
using VoiceKit.IO;

namespace VoiceKit.Storage;

/// <summary>
/// Writes a zip file of entries that are stored as they are (APPNOTE 6.3.10), so that one that was cut off can be gone on with:
/// each entry says before its bytes how many there are. Audio in Opus does not become smaller by packing.
/// </summary>
/// <param name="output">Takes the file; read, if at all, and written asynchronously only.</param>
/// <param name="start">How many bytes of something else are before it, which the offsets count too.</param>
internal sealed class ZipAppender(Stream output, long start = 0) : IDisposable
{
    private const uint LocalSignature = 0x04034B50;
    private const uint CentralSignature = 0x02014B50;
    private const uint EndSignature = 0x06054B50;
    private const uint End64Signature = 0x06064B50;
    private const uint Locator64Signature = 0x07064B50;
    private const int LocalSize = 30;
    private const int MaxName = 1024;
    private const ushort Version = 45;
    private const ushort Utf8Flag = 1 << 11;
    private const uint PrivateFile = 0x8180u << 16; // A file of mode 0600.

    // The directory, which comes last.
    private readonly SpoolStream _directory = new();
    private long _count;
    private long _position = start;

    /// <summary>Goes on behind the whole entries that a stream begins with, up to a first one that is not wanted.</summary>
    /// <param name="maxSize">The largest entry.</param>
    /// <param name="isWanted">Whether an entry of this name and bytes may stay.</param>
    /// <param name="cancellationToken">Ends the wait for the stream.</param>
    public async Task ResumeAsync(long maxSize, Func<string, byte[], bool> isWanted, CancellationToken cancellationToken)
    {
        output.Position = _position;
        while (await TryReadEntryAsync(maxSize, cancellationToken).ConfigureAwait(false) is { } found
            && isWanted(found.Name, found.Bytes))
        {
            Note(new Entry(found.Name, _position, found.Bytes.Length, Crc32.Of(found.Bytes)));
            _position = output.Position;
        }

        Restart();
    }

    /// <summary>Drops what a stream has behind the entries so far.</summary>
    public void Restart()
    {
        output.Position = _position;
        if (output.Length > _position)
            output.SetLength(_position);
    }

    /// <summary>Adds an entry.</summary>
    public async Task AddAsync(string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await BeginAsync(name, bytes.Length, Crc32.Of(bytes.Span), cancellationToken).ConfigureAwait(false);
        await WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Adds an entry of what a spool holds.</summary>
    /// <exception cref="IOException">The bytes are more than an entry may have.</exception>
    public async Task AddAsync(string name, SpoolStream bytes, uint checksum, CancellationToken cancellationToken)
    {
        if (bytes.Length >= uint.MaxValue)
            throw new IOException($"'{name}' has {bytes.Length} bytes, more than an entry may have.");
        await BeginAsync(name, bytes.Length, checksum, cancellationToken).ConfigureAwait(false);
        await WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes the directory, without which it is no zip file.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        var at = _position;
        await WriteAsync(_directory, cancellationToken).ConfigureAwait(false);
        await WriteAsync(MakeEnd(at, _position - at), cancellationToken).ConfigureAwait(false);
        await output.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _directory.Dispose();

    private Task BeginAsync(string name, long size, uint checksum, CancellationToken cancellationToken)
    {
        var entry = new Entry(name, _position, size, checksum);
        var utf8 = Encoding.UTF8.GetBytes(name);
        var header = new byte[LocalSize + utf8.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(header, LocalSignature);
        WriteCommon(header.AsSpan(4), entry, utf8.Length);
        utf8.CopyTo(header.AsSpan(LocalSize));
        Note(entry);
        return WriteAsync(header, cancellationToken);
    }

    private async Task<(string Name, byte[] Bytes)?> TryReadEntryAsync(long maxSize, CancellationToken cancellationToken)
    {
        var header = new byte[LocalSize];
        var count = await output.ReadAtLeastAsync(
            header, LocalSize, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (count < LocalSize || !IsOwn(header, maxSize, out var nameSize, out var size))
            return null;
        var utf8 = new byte[nameSize];
        var bytes = new byte[size];
        await output.ReadExactlyAsync(utf8, cancellationToken).ConfigureAwait(false);
        await output.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        var isWhole = Crc32.Of(bytes) == BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(14));
        return isWhole ? (Encoding.UTF8.GetString(utf8), bytes) : null;
    }

    // Whether an entry was written here, and all of it is there.
    private bool IsOwn(ReadOnlySpan<byte> header, long maxSize, out int nameSize, out uint size)
    {
        size = BinaryPrimitives.ReadUInt32LittleEndian(header[22..]);
        nameSize = BinaryPrimitives.ReadUInt16LittleEndian(header[26..]);
        return BinaryPrimitives.ReadUInt32LittleEndian(header) == LocalSignature
            && BinaryPrimitives.ReadUInt16LittleEndian(header[4..]) == Version
            && BinaryPrimitives.ReadUInt16LittleEndian(header[8..]) == 0
            && BinaryPrimitives.ReadUInt16LittleEndian(header[28..]) == 0
            && nameSize <= MaxName
            && size <= maxSize
            && size + nameSize <= output.Length - output.Position;
    }

    private static void WriteCommon(Span<byte> header, Entry entry, int nameSize)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(header, Version);
        BinaryPrimitives.WriteUInt16LittleEndian(header[2..], Utf8Flag);
        BinaryPrimitives.WriteUInt16LittleEndian(header[8..], 1 << 5 | 1); // The first day of 1980: the manifest has the times.
        BinaryPrimitives.WriteUInt32LittleEndian(header[10..], entry.Checksum);
        BinaryPrimitives.WriteUInt32LittleEndian(header[14..], (uint)entry.Size);
        BinaryPrimitives.WriteUInt32LittleEndian(header[18..], (uint)entry.Size);
        BinaryPrimitives.WriteUInt16LittleEndian(header[22..], (ushort)nameSize);
    }

    // What the directory says of an entry.
    private void Note(Entry entry)
    {
        const int FixedSize = 46;
        var utf8 = Encoding.UTF8.GetBytes(entry.Name);
        var isFar = entry.Offset >= uint.MaxValue;
        var header = new byte[FixedSize + utf8.Length + (isFar ? 12 : 0)];
        BinaryPrimitives.WriteUInt32LittleEndian(header, CentralSignature);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(4), 3 << 8 | Version); // Made by Unix.
        WriteCommon(header.AsSpan(6), entry, utf8.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(38), PrivateFile);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(42), isFar ? uint.MaxValue : (uint)entry.Offset);
        utf8.CopyTo(header.AsSpan(FixedSize));
        if (isFar)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(30), 12);
            var extra = header.AsSpan(FixedSize + utf8.Length);
            BinaryPrimitives.WriteUInt16LittleEndian(extra, 1);
            BinaryPrimitives.WriteUInt16LittleEndian(extra[2..], 8);
            BinaryPrimitives.WriteInt64LittleEndian(extra[4..], entry.Offset);
        }

        _directory.Write(header);
        _count++;
    }

    private byte[] MakeEnd(long directory, long size)
    {
        const int EndSize = 22;
        var isLarge = _count >= ushort.MaxValue || directory >= uint.MaxValue || size >= uint.MaxValue;
        byte[] before = isLarge ? MakeEnd64(directory, size) : [];
        var end = new byte[EndSize];
        BinaryPrimitives.WriteUInt32LittleEndian(end, EndSignature);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(8), isLarge ? ushort.MaxValue : (ushort)_count);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(10), isLarge ? ushort.MaxValue : (ushort)_count);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(12), isLarge ? uint.MaxValue : (uint)size);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(16), isLarge ? uint.MaxValue : (uint)directory);
        return [.. before, .. end];
    }

    private byte[] MakeEnd64(long directory, long size)
    {
        var at = _position;
        var end = new byte[56 + 20];
        BinaryPrimitives.WriteUInt32LittleEndian(end, End64Signature);
        BinaryPrimitives.WriteInt64LittleEndian(end.AsSpan(4), 44);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(12), 3 << 8 | Version);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(14), Version);
        BinaryPrimitives.WriteInt64LittleEndian(end.AsSpan(24), _count);
        BinaryPrimitives.WriteInt64LittleEndian(end.AsSpan(32), _count);
        BinaryPrimitives.WriteInt64LittleEndian(end.AsSpan(40), size);
        BinaryPrimitives.WriteInt64LittleEndian(end.AsSpan(48), directory);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(56), Locator64Signature);
        BinaryPrimitives.WriteInt64LittleEndian(end.AsSpan(64), at);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(72), 1);
        return end;
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await output.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        _position += bytes.Length;
    }

    private async Task WriteAsync(SpoolStream bytes, CancellationToken cancellationToken)
    {
        bytes.Position = 0;
        var buffer = new byte[64 * 1024];
        int count;
        while ((count = bytes.Read(buffer)) > 0)
            await WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
    }

    private readonly record struct Entry(string Name, long Offset, long Size, uint Checksum);
}
