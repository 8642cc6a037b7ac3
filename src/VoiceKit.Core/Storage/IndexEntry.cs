using System.Buffers.Binary;
using System.Text;
using VoiceKit.Ogg;

namespace VoiceKit.Storage;

/// <summary>What the index knows of a file. Entries are ordered by time.</summary>
/// <param name="Direction">The folder that it is in.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Size">The file's size in bytes.</param>
/// <param name="Modified">When it was last written, in ticks.</param>
internal sealed record IndexEntry(
    VoiceMessageDirection Direction, string Name, long Size, long Modified) : IComparable<IndexEntry>
{
    /// <summary>How many bytes an entry takes in the index.</summary>
    public const int RecordSize = 368;

    private const int ChecksumAt = 4;
    private const int TimeAt = 8;
    private const int SizeAt = 16;
    private const int ModifiedAt = 24;
    private const int SenderAt = 32;
    private const int ConversationAt = 40;
    private const int IdAt = 48;
    private const int NameAt = 112;

    /// <summary>The message's id; empty where the file is no message.</summary>
    public string Id { get; init; } = "";

    /// <summary>The message's time in milliseconds since 1970.</summary>
    public long Time { get; init; }

    /// <summary>Whether it is a message; other files are remembered so that they are not read again.</summary>
    public bool IsMessage { get; init; }

    /// <summary>Whether it was listened to.</summary>
    public bool IsPlayed { get; init; }

    /// <summary>Whether it was forwarded at least once.</summary>
    public bool IsForwarded { get; init; }

    /// <summary>
    /// Whether the system has failed to read the file as it is now. The rest is what was known of it before; when nothing was, it
    /// has an id and a time as a message that says nothing of itself.
    /// </summary>
    public bool IsUnread { get; init; }

    /// <summary>The hash of its sender; see <see cref="HashOf(string?)"/>.</summary>
    public ulong Sender { get; init; }

    /// <summary>The hash of its conversation; see <see cref="HashOf(string?)"/>.</summary>
    public ulong Conversation { get; init; }

    public (VoiceMessageDirection Direction, string Name) Key => (Direction, Name);

    /// <summary>The file's name within the store, as manifests and faults have it.</summary>
    public string PathInStore => StoreFolder.PathInStore(Direction, Name);

    /// <summary>What it has in common with others, for a query.</summary>
    public IndexFlags Flags =>
        IndexFlags.IsThere
        | (IsMessage ? IndexFlags.IsMessage : 0)
        | (Direction == VoiceMessageDirection.Received ? IndexFlags.IsReceived : 0)
        | (IsPlayed ? IndexFlags.IsPlayed : 0)
        | (IsForwarded ? IndexFlags.IsForwarded : 0)
        | (IsUnread ? IndexFlags.IsUnread : 0);

    /// <summary>
    /// A number for a text of any length (FNV-1a); 0 for none. Two texts may have one number, so whoever finds a message by it
    /// reads the text in the file.
    /// </summary>
    public static ulong HashOf(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return 0;
        var hash = 14695981039346656037UL;
        foreach (var c in text)
            hash = (hash ^ c) * 1099511628211UL;
        return Math.Max(hash, 1);
    }

    /// <inheritdoc cref="HashOf(ReadOnlySpan{char})"/>
    public static ulong HashOf(string? text) => HashOf(text.AsSpan());

    /// <summary>The time in a record, without reading the rest.</summary>
    public static long TimeOf(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadInt64LittleEndian(record[TimeAt..]);

    /// <summary>The flags in a record, without reading the rest.</summary>
    public static IndexFlags FlagsOf(ReadOnlySpan<byte> record) => (IndexFlags)record[0];

    /// <summary>The hash of the sender in a record, without reading the rest.</summary>
    public static ulong SenderOf(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadUInt64LittleEndian(record[SenderAt..]);

    /// <summary>The hash of the conversation in a record, without reading the rest.</summary>
    public static ulong ConversationOf(ReadOnlySpan<byte> record) =>
        BinaryPrimitives.ReadUInt64LittleEndian(record[ConversationAt..]);

    /// <summary>Whether a record is of this id, without reading the rest.</summary>
    public static bool HasId(ReadOnlySpan<byte> record, ReadOnlySpan<byte> id) =>
        record[1] == id.Length && record.Slice(IdAt, id.Length).SequenceEqual(id);

    /// <summary>Whether a record is of the file of this direction and name, without reading the rest.</summary>
    public static bool HasName(ReadOnlySpan<byte> record, VoiceMessageDirection direction, ReadOnlySpan<byte> name) =>
        DirectionOf(record) == direction && record[2] == name.Length && record.Slice(NameAt, name.Length).SequenceEqual(name);

    /// <summary>The bytes of the name in a record.</summary>
    public static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> record) => record.Slice(NameAt, record[2]);

    /// <summary>The direction in a record.</summary>
    public static VoiceMessageDirection DirectionOf(ReadOnlySpan<byte> record) =>
        (FlagsOf(record) & IndexFlags.IsReceived) != 0 ? VoiceMessageDirection.Received : VoiceMessageDirection.Sent;

    /// <summary>Whether a record is as it was written.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> record) =>
        BinaryPrimitives.ReadUInt32LittleEndian(record[ChecksumAt..]) == ChecksumOf(record) && record[1] <= NameAt - IdAt;

    /// <summary>Reads a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="isThere">Whether the file is there; otherwise the record tells that it is gone.</param>
    /// <returns>The entry, or null when the record is broken.</returns>
    public static IndexEntry? Read(ReadOnlySpan<byte> record, out bool isThere)
    {
        var flags = FlagsOf(record);
        isThere = (flags & IndexFlags.IsThere) != 0;
        if (!IsWhole(record))
            return null;
        return new IndexEntry(
            DirectionOf(record),
            Encoding.UTF8.GetString(NameOf(record)),
            BinaryPrimitives.ReadInt64LittleEndian(record[SizeAt..]),
            BinaryPrimitives.ReadInt64LittleEndian(record[ModifiedAt..]))
        {
            Id = Encoding.UTF8.GetString(record.Slice(IdAt, record[1])),
            Time = TimeOf(record),
            IsMessage = (flags & IndexFlags.IsMessage) != 0,
            IsPlayed = (flags & IndexFlags.IsPlayed) != 0,
            IsForwarded = (flags & IndexFlags.IsForwarded) != 0,
            IsUnread = (flags & IndexFlags.IsUnread) != 0,
            Sender = SenderOf(record),
            Conversation = ConversationOf(record),
        };
    }

    /// <summary>Writes a record.</summary>
    /// <param name="record">Takes it.</param>
    /// <param name="isThere">Whether the file is there; otherwise the record tells that it is gone.</param>
    public void Write(Span<byte> record, bool isThere = true)
    {
        record = record[..RecordSize];
        record.Clear();
        record[0] = (byte)(isThere ? Flags : Flags & ~IndexFlags.IsThere);
        record[1] = (byte)Encoding.UTF8.GetBytes(Id, record[IdAt..NameAt]);
        record[2] = (byte)Encoding.UTF8.GetBytes(Name, record[NameAt..]);
        BinaryPrimitives.WriteInt64LittleEndian(record[TimeAt..], Time);
        BinaryPrimitives.WriteInt64LittleEndian(record[SizeAt..], Size);
        BinaryPrimitives.WriteInt64LittleEndian(record[ModifiedAt..], Modified);
        BinaryPrimitives.WriteUInt64LittleEndian(record[SenderAt..], Sender);
        BinaryPrimitives.WriteUInt64LittleEndian(record[ConversationAt..], Conversation);
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
