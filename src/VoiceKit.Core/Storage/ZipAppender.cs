using System.Buffers.Binary;
using System.Text;
using VoiceKit.IO;

namespace VoiceKit.Storage;

/// <summary>
/// Writes a zip file of entries that are stored as they are (APPNOTE 6.3.10), so that one that was cut off can be gone on with: each
/// entry says before its bytes how many there are. Audio in Opus does not become smaller by packing.
/// </summary>
/// <param name="output">Takes the file.</param>
/// <param name="start">How many bytes of something else are before it, which the offsets count too.</param>
internal sealed class ZipAppender(Stream output, long start = 0)
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

    private readonly List<Entry> _entries = [];
    private long _position = start;

    /// <summary>Goes on behind the whole entries that a stream begins with, up to a first one that is not wanted.</summary>
    /// <param name="maxSize">The largest entry.</param>
    /// <param name="isWanted">Whether an entry of this name and bytes may stay.</param>
    public void Resume(long maxSize, Func<string, byte[], bool> isWanted)
    {
        output.Position = _position;
        var header = new byte[LocalSize];
        while (output.ReadAtLeast(header, LocalSize, throwOnEndOfStream: false) == LocalSize
            && BinaryPrimitives.ReadUInt32LittleEndian(header) == LocalSignature
            && TryReadEntry(header, maxSize, out var name, out var bytes)
            && isWanted(name, bytes))
        {
            _entries.Add(new Entry(name, _position, bytes.Length, Crc32.Of(bytes)));
            _position = output.Position;
        }

        Restart();
    }

    /// <summary>Drops what a stream has behind the entries so far.</summary>
    public void Restart()
    {
        output.Position = _position;
        output.SetLength(_position);
    }

    /// <summary>Adds an entry.</summary>
    public void Add(string name, ReadOnlySpan<byte> bytes)
    {
        Begin(new Entry(name, _position, bytes.Length, Crc32.Of(bytes)));
        Write(bytes);
    }

    /// <summary>Adds an entry whose bytes are made twice: the first time for their count and checksum, which stand before them.</summary>
    public void Add(string name, Action<Stream> write)
    {
        using var measure = new ChecksumStream(null);
        write(measure);
        if (measure.Length >= uint.MaxValue)
            throw new IOException($"'{name}' has {measure.Length} bytes, more than an entry may have.");
        Begin(new Entry(name, _position, measure.Length, measure.Checksum));
        using var target = new ChecksumStream(output);
        write(target);
        _position += target.Length;
    }

    /// <summary>Writes the directory, without which it is no zip file.</summary>
    public void Finish()
    {
        var directory = _position;
        foreach (var entry in _entries)
            WriteCentral(entry);
        WriteEnd(directory, _position - directory);
        output.Flush();
    }

    private void Begin(Entry entry)
    {
        var utf8 = Encoding.UTF8.GetBytes(entry.Name);
        var header = new byte[LocalSize + utf8.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(header, LocalSignature);
        WriteCommon(header.AsSpan(4), entry, utf8.Length);
        utf8.CopyTo(header.AsSpan(LocalSize));
        Write(header);
        _entries.Add(entry);
    }

    private bool TryReadEntry(byte[] header, long maxSize, out string name, out byte[] bytes)
    {
        (name, bytes) = ("", []);
        var size = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(22));
        int nameSize = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(26));
        var isOwn = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(4)) == Version
            && BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(8)) == 0
            && BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(28)) == 0
            && nameSize <= MaxName
            && size <= maxSize
            && size + nameSize <= output.Length - output.Position;
        if (!isOwn)
            return false;
        var utf8 = new byte[nameSize];
        bytes = new byte[size];
        output.ReadExactly(utf8);
        output.ReadExactly(bytes);
        name = Encoding.UTF8.GetString(utf8);
        return Crc32.Of(bytes) == BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(14));
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

    private void WriteCentral(Entry entry)
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

        Write(header);
    }

    private void WriteEnd(long directory, long size)
    {
        var isLarge = _entries.Count >= ushort.MaxValue || directory >= uint.MaxValue || size >= uint.MaxValue;
        if (isLarge)
            WriteEnd64(directory, size);
        var end = new byte[22];
        var count = isLarge ? ushort.MaxValue : (ushort)_entries.Count;
        BinaryPrimitives.WriteUInt32LittleEndian(end, EndSignature);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(8), count);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(10), count);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(12), isLarge ? uint.MaxValue : (uint)size);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(16), isLarge ? uint.MaxValue : (uint)directory);
        Write(end);
    }

    private void WriteEnd64(long directory, long size)
    {
        var at = _position;
        var end = new byte[56 + 20];
        BinaryPrimitives.WriteUInt32LittleEndian(end, End64Signature);
        BinaryPrimitives.WriteInt64LittleEndian(end.AsSpan(4), 44);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(12), 3 << 8 | Version);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(14), Version);
        BinaryPrimitives.WriteInt64LittleEndian(end.AsSpan(24), _entries.Count);
        BinaryPrimitives.WriteInt64LittleEndian(end.AsSpan(32), _entries.Count);
        BinaryPrimitives.WriteInt64LittleEndian(end.AsSpan(40), size);
        BinaryPrimitives.WriteInt64LittleEndian(end.AsSpan(48), directory);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(56), Locator64Signature);
        BinaryPrimitives.WriteInt64LittleEndian(end.AsSpan(64), at);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(72), 1);
        Write(end);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        _position += bytes.Length;
    }

    private readonly record struct Entry(string Name, long Offset, long Size, uint Checksum);
}
