using System.Buffers.Binary;
using System.Text;
using VoiceKit.Ogg;

namespace VoiceKit.Storage;

/// <summary>What the index knows of a file. They are ordered by time.</summary>
/// <param name="Direction">The folder that it is in.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Id">The message's id.</param>
/// <param name="Time">The message's time in milliseconds since 1970.</param>
/// <param name="Size">The file's size in bytes.</param>
/// <param name="Modified">When it was last written, in ticks.</param>
/// <param name="IsMessage">Whether it is one; others are remembered so that they are not read again.</param>
internal sealed record IndexEntry(
    VoiceMessageDirection Direction, string Name, string Id, long Time, long Size, long Modified, bool IsMessage)
    : IComparable<IndexEntry>
{
    /// <summary>How many bytes an entry takes in the index.</summary>
    public const int RecordSize = 352;

    private const int ChecksumAt = 4;
    private const int TimeAt = 8;
    private const int SizeAt = 16;
    private const int ModifiedAt = 24;
    private const int IdAt = 32;
    private const int NameAt = 96;
    private const byte IsThereFlag = 1;
    private const byte IsMessageFlag = 2;
    private const byte IsReceivedFlag = 4;

    public (VoiceMessageDirection Direction, string Name) Key => (Direction, Name);

    /// <summary>The time in a record, without reading the rest.</summary>
    public static long TimeOf(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadInt64LittleEndian(record[TimeAt..]);

    /// <summary>Whether a record is of this id, without reading the rest.</summary>
    public static bool HasId(ReadOnlySpan<byte> record, ReadOnlySpan<byte> id) =>
        record[1] == id.Length && record.Slice(IdAt, id.Length).SequenceEqual(id);

    /// <summary>Reads a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="isThere">Whether the file is there; otherwise the record tells that it is gone.</param>
    /// <returns>The entry, or null when the record is broken.</returns>
    public static IndexEntry? Read(ReadOnlySpan<byte> record, out bool isThere)
    {
        isThere = (record[0] & IsThereFlag) != 0;
        if (BinaryPrimitives.ReadUInt32LittleEndian(record[ChecksumAt..]) != ChecksumOf(record) || record[1] > NameAt - IdAt)
            return null;
        return new IndexEntry(
            (record[0] & IsReceivedFlag) != 0 ? VoiceMessageDirection.Received : VoiceMessageDirection.Sent,
            Encoding.UTF8.GetString(record.Slice(NameAt, record[2])),
            Encoding.UTF8.GetString(record.Slice(IdAt, record[1])),
            TimeOf(record),
            BinaryPrimitives.ReadInt64LittleEndian(record[SizeAt..]),
            BinaryPrimitives.ReadInt64LittleEndian(record[ModifiedAt..]),
            (record[0] & IsMessageFlag) != 0);
    }

    /// <summary>Writes a record.</summary>
    /// <param name="record">Takes it.</param>
    /// <param name="isThere">Whether the file is there; otherwise the record tells that it is gone.</param>
    public void Write(Span<byte> record, bool isThere = true)
    {
        record[..RecordSize].Clear();
        record[0] = (byte)((isThere ? IsThereFlag : 0)
            | (IsMessage ? IsMessageFlag : 0)
            | (Direction == VoiceMessageDirection.Received ? IsReceivedFlag : 0));
        record[1] = (byte)Encoding.UTF8.GetBytes(Id, record[IdAt..NameAt]);
        record[2] = (byte)Encoding.UTF8.GetBytes(Name, record[NameAt..RecordSize]);
        BinaryPrimitives.WriteInt64LittleEndian(record[TimeAt..], Time);
        BinaryPrimitives.WriteInt64LittleEndian(record[SizeAt..], Size);
        BinaryPrimitives.WriteInt64LittleEndian(record[ModifiedAt..], Modified);
        BinaryPrimitives.WriteUInt32LittleEndian(record[ChecksumAt..], ChecksumOf(record));
    }

    /// <summary>By time, then by id: the order in which messages are listed, backwards.</summary>
    public int CompareTo(IndexEntry? other)
    {
        if (other is null)
            return 1;
        var order = Time.CompareTo(other.Time);
        if (order == 0)
            order = string.CompareOrdinal(Id, other.Id);
        if (order == 0)
            order = Direction.CompareTo(other.Direction);
        return order == 0 ? string.CompareOrdinal(Name, other.Name) : order;
    }

    private static uint ChecksumOf(ReadOnlySpan<byte> record) =>
        OggCrc.Update(OggCrc.Update(1, record[..ChecksumAt]), record[TimeAt..RecordSize]);
}
