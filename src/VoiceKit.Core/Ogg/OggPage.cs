using System.Buffers.Binary;
using VoiceKit.Opus;

namespace VoiceKit.Ogg;

/// <summary>A view of one Ogg page (RFC 3533 §6). Lives as long as the bytes it was made of.</summary>
internal readonly ref struct OggPage
{
    public const int MaxSegments = 255;
    public const int MaxHeaderSize = HeaderSize + MaxSegments;
    public const int MaxBodySize = MaxSegments * 255;
    public const int MaxSize = MaxHeaderSize + MaxBodySize;

    /// <summary>The granule position of a page on which no packet ends.</summary>
    public const long NoGranule = -1;

    public const int VersionAt = 4;
    public const int FlagsAt = VersionAt + 1;
    public const int GranuleAt = FlagsAt + 1;
    public const int SerialAt = GranuleAt + 8;
    public const int SequenceAt = SerialAt + 4;
    public const int ChecksumAt = SequenceAt + 4;
    public const int SegmentCountAt = ChecksumAt + 4;
    public const int HeaderSize = SegmentCountAt + 1;

    private const OggPageFlags AllFlags = OggPageFlags.Continued | OggPageFlags.BeginOfStream | OggPageFlags.EndOfStream;

    /// <summary>Wraps a whole page that <see cref="Read"/> has accepted.</summary>
    public OggPage(ReadOnlySpan<byte> data) => Data = data;

    public static ReadOnlySpan<byte> CapturePattern => "OggS"u8;

    public ReadOnlySpan<byte> Data { get; }

    public OggPageFlags Flags => (OggPageFlags)Data[FlagsAt];

    public bool IsContinued => (Flags & OggPageFlags.Continued) != 0;

    public bool IsFirst => (Flags & OggPageFlags.BeginOfStream) != 0;

    public bool IsLast => (Flags & OggPageFlags.EndOfStream) != 0;

    public long Granule => BinaryPrimitives.ReadInt64LittleEndian(Data[GranuleAt..]);

    public uint Serial => BinaryPrimitives.ReadUInt32LittleEndian(Data[SerialAt..]);

    public uint Sequence => BinaryPrimitives.ReadUInt32LittleEndian(Data[SequenceAt..]);

    public uint Checksum => BinaryPrimitives.ReadUInt32LittleEndian(Data[ChecksumAt..]);

    /// <summary>Whether its first packet is an OpusHead that can be read.</summary>
    public bool HasOpusHead => IsFirst && Lacing.Length == 1 && OpusHead.IsValid(Data[BodyAt..]);

    public ReadOnlySpan<byte> Lacing => Data.Slice(HeaderSize, Data[SegmentCountAt]);

    /// <summary>Where the body starts within the page.</summary>
    public int BodyAt => HeaderSize + Data[SegmentCountAt];

    /// <summary>Reads the page at the start of the bytes.</summary>
    /// <param name="data">Starts with the capture pattern; may hold more than the page.</param>
    /// <param name="page">The page, where the result is <see cref="OggPageStatus.Valid"/>.</param>
    public static OggPageStatus Read(ReadOnlySpan<byte> data, out OggPage page)
    {
        page = default;
        if (data.Length < HeaderSize)
            return OggPageStatus.Incomplete;
        if (data[VersionAt] != 0 || data[FlagsAt] > (byte)AllFlags)
            return OggPageStatus.NotAPage;

        int segments = data[SegmentCountAt];
        if (data.Length < HeaderSize + segments)
            return OggPageStatus.Incomplete;

        var size = HeaderSize + segments + BodySize(data.Slice(HeaderSize, segments));
        if (data.Length < size)
            return OggPageStatus.Incomplete;

        page = new OggPage(data[..size]);
        return ComputeChecksum(page.Data) == page.Checksum
            ? OggPageStatus.Valid
            : OggPageStatus.BadChecksum;
    }

    /// <summary>The checksum of a page, its own field counted as zero.</summary>
    public static uint ComputeChecksum(ReadOnlySpan<byte> page)
    {
        var crc = OggCrc.Update(0, page[..ChecksumAt]);
        crc = OggCrc.Update(crc, [0, 0, 0, 0]);
        return OggCrc.Update(crc, page[SegmentCountAt..]);
    }

    // Eight segments at a time, in four sums of 16 bits: the body is never larger than that.
    private static int BodySize(ReadOnlySpan<byte> lacing)
    {
        const ulong Even = 0x00FF_00FF_00FF_00FF;
        const ulong Ones = 0x0001_0001_0001_0001;
        var sums = 0ul;
        while (lacing.Length >= sizeof(ulong))
        {
            var eight = BinaryPrimitives.ReadUInt64LittleEndian(lacing);
            sums += (eight & Even) + (eight >> 8 & Even);
            lacing = lacing[sizeof(ulong)..];
        }

        var size = (int)(sums * Ones >> 48);
        foreach (var value in lacing)
            size += value;
        return size;
    }
}
