using VoiceKit.IO;
using VoiceKit.Opus;

namespace VoiceKit.Mp4;

/// <summary>Goes from box to box (ISO/IEC 14496-12 §4.2) within a piece of the input.</summary>
internal struct Mp4BoxCursor(ByteWindow window, long at, long end, OpusDefectLog? defects = null)
{
    private const int HeaderSize = 8;
    private const int LargeHeaderSize = 16;

    private long _at = at;

    /// <summary>The first child of a type; one that does not exist when there is none.</summary>
    public static Mp4Box Find(ByteWindow window, Mp4Box parent, uint type)
    {
        var cursor = new Mp4BoxCursor(window, parent.BodyAt, parent.End);
        while (cursor.TryNext(out var box))
        {
            if (box.Type == type)
                return box;
        }

        return default;
    }

    public bool TryNext(out Mp4Box box)
    {
        box = default;
        if (end - _at < HeaderSize)
            return false; // What is left is too short for a box: the end mark of a QuickTime list, for one.

        ulong size = window.GetUInt32(_at);
        var type = window.GetUInt32(_at + sizeof(uint));
        var room = (ulong)(end - _at);
        var header = size == 1 ? LargeHeaderSize : HeaderSize;
        if (size == 1)
            size = window.GetUInt64(_at + HeaderSize);
        else if (size == 0)
            size = room;
        if (size < (ulong)header)
        {
            defects?.Add(_at, OpusDefectKind.BadStructure, $"Box '{Mp4BoxType.ToText(type)}' of {size} bytes ends the list.");
            _at = end;
            return false;
        }

        if (size > room)
            ReportTooLong(type, size);
        box = new Mp4Box(type, _at, Math.Min(_at + header, end), _at + (long)Math.Min(size, room));
        _at = box.End;
        return true;
    }

    private readonly void ReportTooLong(uint type, ulong size)
    {
        var kind = window.IsEnd(end) ? OpusDefectKind.Truncated : OpusDefectKind.BadStructure;
        defects?.Add(_at, kind, $"Box '{Mp4BoxType.ToText(type)}' of {size} bytes where {end - _at} are left.");
    }
}
