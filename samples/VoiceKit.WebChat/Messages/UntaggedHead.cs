using System.Buffers.Binary;
using VoiceKit.Ogg;

namespace VoiceKit.WebChat.Messages;

/// <summary>
/// Takes the comments out of the pages at the start of an Ogg Opus file and leaves zeros in their place, which RFC 7845 §5.2 lets
/// a header end with. All bytes behind the header stay where they are.
/// </summary>
internal static class UntaggedHead
{
    private const int FlagsAt = 5;
    private const int FirstOfStream = 2;
    private const int SerialAt = 14;
    private const int ChecksumAt = 22;
    private const int SegmentCountAt = 26;
    private const int PageHeaderSize = 27;

    // A vendor of eight letters, and no comments.
    private static ReadOnlySpan<byte> NoTags => "OpusTags\u0008\0\0\0VoiceKit\0\0\0\0"u8;

    /// <summary>Takes the comments out.</summary>
    /// <param name="bytes">The start of a file.</param>
    /// <returns>
    /// How many bytes the pages of the two headers have; 0 where they are not all there, not one behind the other, or have no
    /// room.
    /// </returns>
    public static int Blank(Span<byte> bytes)
    {
        var start = SizeOfPage(bytes);
        if (start == 0 || (bytes[FlagsAt] & FirstOfStream) == 0)
            return 0;
        var end = FindEnd(bytes, start, bytes[SerialAt..(SerialAt + 4)], out var packetSize);
        if (end == 0 || packetSize < NoTags.Length || !BodyOf(bytes[start..]).StartsWith(NoTags[..8]))
            return 0;
        for (var at = start; at < end; at += SizeOfPage(bytes[at..]))
            BlankPage(bytes.Slice(at, SizeOfPage(bytes[at..])), isFirst: at == start);
        return end;
    }

    // The tags end on the page whose last segment is the first that is not full.
    private static int FindEnd(ReadOnlySpan<byte> bytes, int start, ReadOnlySpan<byte> serial, out int packetSize)
    {
        packetSize = 0;
        for (var at = start; SizeOfPage(bytes[at..]) is > 0 and var size; at += size)
        {
            var page = bytes.Slice(at, size);
            if (!page.Slice(SerialAt, 4).SequenceEqual(serial) || (page[FlagsAt] & FirstOfStream) != 0)
                return 0;
            packetSize += BodyOf(page).Length;
            var last = LacingOf(page).IndexOfAnyExcept((byte)255);
            if (last >= 0)
                return last == page[SegmentCountAt] - 1 ? at + size : 0;
        }

        return 0;
    }

    private static void BlankPage(Span<byte> page, bool isFirst)
    {
        var body = page[^BodyOf(page).Length..];
        body.Clear();
        if (isFirst)
            NoTags[..Math.Min(NoTags.Length, body.Length)].CopyTo(body);
        page.Slice(ChecksumAt, 4).Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(page[ChecksumAt..], OggCrc.Update(0, page));
    }

    // 0 where the page is not whole.
    private static int SizeOfPage(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < PageHeaderSize || !bytes.StartsWith("OggS"u8) || bytes.Length < PageHeaderSize + bytes[SegmentCountAt])
            return 0;
        var size = PageHeaderSize + bytes[SegmentCountAt];
        foreach (var segment in LacingOf(bytes))
            size += segment;
        return size <= bytes.Length ? size : 0;
    }

    private static ReadOnlySpan<byte> LacingOf(ReadOnlySpan<byte> page) => page.Slice(PageHeaderSize, page[SegmentCountAt]);

    private static ReadOnlySpan<byte> BodyOf(ReadOnlySpan<byte> page) =>
        page[(PageHeaderSize + page[SegmentCountAt])..SizeOfPage(page)];
}
