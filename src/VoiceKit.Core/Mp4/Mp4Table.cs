using VoiceKit.IO;
using VoiceKit.Opus;

namespace VoiceKit.Mp4;

/// <summary>A table of entries of equal size, which stays in the input.</summary>
internal readonly struct Mp4Table
{
    private readonly ByteWindow _window;
    private readonly long _at;

    private Mp4Table(ByteWindow window, long at, long count, int entryBits)
    {
        _window = window;
        _at = at;
        Count = count;
        EntryBits = entryBits;
    }

    /// <summary>How many entries can be read; where they take no room, how many there are said to be.</summary>
    public long Count { get; }

    public int EntryBits { get; }

    /// <summary>Opens the table of a box that has the number of entries just before them.</summary>
    public static Mp4Table Open(ByteWindow window, Mp4Box box, int entriesAt, int entryBits, OpusDefectLog defects)
    {
        if (!box.Exists || box.BodySize < entriesAt)
            return new Mp4Table(window, 0, 0, entryBits);
        long count = window.GetUInt32(box.BodyAt + entriesAt - sizeof(uint));
        var room = entryBits == 0 ? count : (box.BodySize - entriesAt) * 8 / entryBits;
        if (count > room)
        {
            var kind = window.IsEnd(box.End) ? OpusDefectKind.Truncated : OpusDefectKind.BadStructure;
            defects.Add(box.Start, kind, $"Table '{Mp4BoxType.ToText(box.Type)}' of {count} entries with room for {room}.");
        }

        return new Mp4Table(window, box.BodyAt + entriesAt, Math.Min(count, room), entryBits);
    }

    public byte GetByte(long index) => _window.GetByte(_at + index);

    public ushort GetUInt16(long index) => _window.GetUInt16(_at + index * sizeof(ushort));

    public uint GetUInt32(long entry, int fieldAt) => _window.GetUInt32(_at + entry * (EntryBits / 8) + fieldAt);

    public ulong GetUInt64(long entry) => _window.GetUInt64(_at + entry * sizeof(ulong));
}
