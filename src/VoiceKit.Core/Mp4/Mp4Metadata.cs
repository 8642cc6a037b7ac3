using System.Buffers.Binary;
using System.Text;
using VoiceKit.IO;
using VoiceKit.Opus;

namespace VoiceKit.Mp4;

/// <summary>
/// Reads the texts that describe a movie: iTunes' list (udta, meta, ilst, with a data box in each item) and QuickTime's, with the
/// text in udta itself (QuickTime File Format, "User Data Atoms").
/// </summary>
internal sealed class Mp4Metadata(ByteWindow window, OpusDefectLog defects, int maxSize)
{
    private const uint Utf8 = 1;
    private const uint CopyrightSign = 0xA9;

    // What a comment takes in memory beside its text.
    private const int Overhead = 64;

    private readonly List<OpusComment> _comments = [];
    private string _vendor = "";
    private int _room = maxSize;

    public OpusTags Read(Mp4Box moov)
    {
        var boxes = new Mp4BoxCursor(window, moov.BodyAt, moov.End);
        while (boxes.TryNext(out var box))
        {
            if (box.Type == Mp4BoxType.Udta)
                ReadUserData(box);
            else if (box.Type == Mp4BoxType.Meta)
                ReadMeta(box);
        }

        return new OpusTags(_vendor, _comments);
    }

    private void ReadUserData(Mp4Box udta)
    {
        var boxes = new Mp4BoxCursor(window, udta.BodyAt, udta.End);
        while (boxes.TryNext(out var box))
        {
            if (box.Type == Mp4BoxType.Meta)
                ReadMeta(box);
            else if (NameOf(box.Type) is { } name)
                ReadQuickTimeText(box, name);
        }
    }

    // A meta box has a version and flags in ISO files and none in QuickTime's.
    private void ReadMeta(Mp4Box meta)
    {
        var isPlain = window.GetUInt32(meta.BodyAt + 4) == Mp4BoxType.Hdlr;
        var children = meta with { BodyAt = Math.Min(meta.BodyAt + (isPlain ? 0 : 4), meta.End) };
        var items = new Mp4BoxCursor(window, children.BodyAt, children.End);
        while (items.TryNext(out var box))
        {
            if (box.Type == Mp4BoxType.Ilst)
                ReadItems(box);
        }
    }

    private void ReadItems(Mp4Box list)
    {
        var items = new Mp4BoxCursor(window, list.BodyAt, list.End);
        while (items.TryNext(out var item))
        {
            if (NameOf(item.Type) is not { } name)
                continue;
            var data = Mp4BoxCursor.Find(window, item, Mp4BoxType.Data);
            if (data.BodySize >= 8 && (window.GetUInt32(data.BodyAt) & 0xFF_FFFF) is Utf8 or 0)
                Add(name, data, data.BodyAt + 8, data.End - data.BodyAt - 8);
        }
    }

    private void ReadQuickTimeText(Mp4Box box, string name)
    {
        if (box.BodySize < 4)
            return;
        Add(name, box, box.BodyAt + 4, Math.Min(window.GetUInt16(box.BodyAt), box.BodySize - 4));
    }

    private void Add(string name, Mp4Box box, long at, long size)
    {
        if (size + Overhead > _room)
        {
            defects.Add(box.Start, OpusDefectKind.BadTags, $"A text of {size} bytes is not read: there is too much text.");
            return;
        }

        _room -= (int)size + Overhead;
        var text = Encoding.UTF8.GetString(window.Get(at, (int)size));
        if (name.Length > 0)
            _comments.Add(new OpusComment(name, text));
        else if (_vendor.Length == 0)
            _vendor = text;
    }

    /// <summary>The name of a comment that has the meaning of an item; empty for the vendor; null for none.</summary>
    private static string? NameOf(uint type)
    {
        if (type >> 24 != CopyrightSign)
            return null;
        Span<byte> code = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(code, type);
        var name = code[1..];
        return name.SequenceEqual("nam"u8) ? "TITLE"
            : name.SequenceEqual("ART"u8) ? "ARTIST"
            : name.SequenceEqual("alb"u8) ? "ALBUM"
            : name.SequenceEqual("day"u8) ? "DATE"
            : name.SequenceEqual("cmt"u8) ? "COMMENT"
            : name.SequenceEqual("gen"u8) ? "GENRE"
            : name.SequenceEqual("too"u8) ? ""
            : null;
    }
}
