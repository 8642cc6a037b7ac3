using System.Buffers.Binary;
using VoiceKit.IO;
using VoiceKit.Opus;

namespace VoiceKit.Mp4;

/// <summary>
/// The <c>Opus</c> sample entry and its <c>dOps</c> box ("Encapsulation of Opus in ISO Base Media File Format" §4.3.1, §4.3.2),
/// as an OpusHead.
/// </summary>
internal sealed class Mp4SampleEntry
{
    private const int ChannelsAt = 16;
    private const int ChildrenAt = 28;
    private const int MinSpecificSize = 11;
    private const int MaxRate = 384_000;
    private const int HeadChannelsAt = 9;
    private const int HeadPreSkipAt = 10;

    private readonly byte[] _head;
    private readonly long _offset;

    private Mp4SampleEntry(byte[] head, long offset)
    {
        _head = head;
        _offset = offset;
    }

    /// <summary>The pre-skip that dOps tells.</summary>
    public int PreSkip => BinaryPrimitives.ReadUInt16LittleEndian(_head.AsSpan(HeadPreSkipAt));

    public static Mp4SampleEntry Read(ByteWindow window, Mp4Box entry, OpusDefectLog defects)
    {
        var specific = FindSpecific(window, entry);
        if (!specific.Exists || specific.BodySize < MinSpecificSize)
        {
            defects.Add(entry.Start, OpusDefectKind.BadHead, "The sample entry has no dOps box that can be read.");
            return WithoutSpecific(window, entry);
        }

        if (window.GetByte(specific.BodyAt) != 0)
            defects.Add(specific.Start, OpusDefectKind.BadHead, $"A dOps box of version {window.GetByte(specific.BodyAt)}.");
        var size = (int)Math.Min(specific.BodySize, MinSpecificSize + 2 + byte.MaxValue);
        var head = ToHead(window.Get(specific.BodyAt, size), specific, defects);
        return new Mp4SampleEntry(head, specific.BodyAt - OpusHead.Magic.Length); // The magic word is not in the file.
    }

    /// <summary>The head, with a pre-skip in place of that of dOps.</summary>
    /// <exception cref="VoiceFormatException">The fields make no head that RFC 7845 §5.1 allows.</exception>
    public OpusHead ToHead(int preSkip)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_head.AsSpan(HeadPreSkipAt), (ushort)preSkip);
        return OpusHead.Parse(_head, _offset);
    }

    // QuickTime's sound descriptions of version 1 and 2 have more fields before the boxes within.
    private static Mp4Box FindSpecific(ByteWindow window, Mp4Box entry)
    {
        var version = window.GetUInt16(entry.BodyAt + 8);
        var more = version switch { 1 => 16, 2 => 36, _ => 0 };
        var found = Find(window, entry with { BodyAt = Math.Min(entry.BodyAt + ChildrenAt, entry.End) });
        return found.Exists || more == 0
            ? found
            : Find(window, entry with { BodyAt = Math.Min(entry.BodyAt + ChildrenAt + more, entry.End) });
    }

    private static Mp4Box Find(ByteWindow window, Mp4Box entry)
    {
        var found = Mp4BoxCursor.Find(window, entry, Mp4BoxType.DOps);
        if (found.Exists)
            return found;
        var wave = Mp4BoxCursor.Find(window, entry, Mp4BoxType.Wave);
        return wave.Exists ? Mp4BoxCursor.Find(window, wave, Mp4BoxType.DOps) : default;
    }

    private static Mp4SampleEntry WithoutSpecific(ByteWindow window, Mp4Box entry)
    {
        var head = new OpusHead(Math.Clamp((int)window.GetUInt16(entry.BodyAt + ChannelsAt), 1, 2), 0, 0);
        var packet = new byte[head.Size];
        head.Write(packet);
        return new Mp4SampleEntry(packet, entry.BodyAt);
    }

    // The fields of dOps are those of OpusHead behind its version, but big-endian.
    private static byte[] ToHead(ReadOnlySpan<byte> specific, Mp4Box box, OpusDefectLog defects)
    {
        var head = new byte[OpusHead.Magic.Length + specific.Length];
        OpusHead.Magic.CopyTo(head);
        specific.CopyTo(head.AsSpan(OpusHead.Magic.Length));
        head[OpusHead.Magic.Length] = 1;
        if (IsLittleEndian(specific))
            defects.Add(box.Start, OpusDefectKind.BadHead, "The numbers in dOps are little-endian.");
        else
            ReverseNumbers(head.AsSpan(HeadChannelsAt + 1));
        return head;
    }

    // Some muxers copy the numbers of OpusHead as they are; no rate is the right one in both orders.
    private static bool IsLittleEndian(ReadOnlySpan<byte> specific) =>
        BinaryPrimitives.ReadUInt32BigEndian(specific[4..]) > MaxRate
        && BinaryPrimitives.ReadUInt32LittleEndian(specific[4..]) is > 0 and <= MaxRate;

    // The pre-skip, the rate and the gain.
    private static void ReverseNumbers(Span<byte> numbers)
    {
        numbers[..2].Reverse();
        numbers[2..6].Reverse();
        numbers[6..8].Reverse();
    }
}
