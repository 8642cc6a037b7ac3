using System.Text;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Audio;
using VoiceKit.Tests.Caf;
using VoiceKit.Tests.Ogg;
using VoiceKit.Tests.WebM;
using VoiceKit.WebM;
using static VoiceKit.Tests.Mp4.Mp4Bytes;

namespace VoiceKit.Fuzz;

/// <summary>
/// Inputs of any size that are made to cost as much as they can: many of the smallest things, structures that are looked through
/// again and again, what looks like the start of something large, tables that point to the same bytes.
/// </summary>
internal static class HostileInputs
{
    private static readonly byte[] FalsePage = [.. "OggS"u8, 0, 0, .. new byte[20], 255, .. Enumerable.Repeat((byte)255, 255)];

    /// <summary>Ogg, by what is hostile about it; each takes about how many bytes it is to have.</summary>
    public static IReadOnlyDictionary<string, Func<int, byte[]>> Ogg { get; } = new Dictionary<string, Func<int, byte[]>>
    {
        ["false pages"] = size => [.. Start(), .. Repeat(size, _ => FalsePage[..27])],
        ["false pages of other sizes"] = size =>
            [.. Start(), .. Repeat(size, i => FalsePage[..(27 + i % 200)]), .. new byte[70_000]],
        ["capture patterns"] = size => [.. Start(), .. Repeat(size, _ => "OggS"u8.ToArray())],
        ["false pages of the stream"] = size => [.. Start(), .. Repeat(size, _ => BadPage())],
        ["empty pages"] = size => Pages(size, (file, i) => file.Page(OggPageFlags.None, -1, 1)),
        ["packets without bytes"] = size =>
            Pages(size, (file, i) => file.Page(OggPageFlags.None, 0, 1, [.. Enumerable.Repeat(Array.Empty<byte>(), 255)])),
        ["packets of a byte"] = size =>
            Pages(
                size, (file, i) => file.Page(OggPageFlags.None, i * 255L * 960, 1, [.. Enumerable.Repeat<byte[]>([0x48], 255)])),
        ["links without audio"] = size => Pages(size, (file, i) => file.Head(i % 1000, (uint)i + 2).Tags((uint)i + 2)),
        ["links of a packet"] = size =>
            Pages(
                size, (file, i) =>
                    file.Head(i % 900, (uint)i + 2).Tags((uint)i + 2).Audio(1, 960, OggPageFlags.EndOfStream, (uint)i + 2)),
        ["links of a packet and tags"] = size =>
            Pages(
                size, (file, i) =>
                    file.Head(7, (uint)i + 2).Tags((uint)i + 2, new OpusComment("A", $"{i}")).Audio(
                        1, 960, OggPageFlags.EndOfStream, (uint)i + 2)),
        ["links and junk"] = size =>
            [.. Pages(
                size / 2, (file, i) =>
                    file.Head(7, (uint)i + 2).Tags((uint)i + 2).Audio(
                        9, 9 * 960, OggPageFlags.EndOfStream, (uint)i + 2)), .. new byte[size / 2]],
        ["links, junk and an end"] = size =>
            [.. Pages(size / 2, (file, i) => file.Head(7, (uint)i + 2).Tags((uint)i + 2).Audio(
                9,
                9 * 960,
                OggPageFlags.EndOfStream,
                (uint)i + 2)), .. new byte[size / 2], .. new OggBytes().Head(serial: 1).Tags().Audio(
                2, 1920, OggPageFlags.EndOfStream).ToArray()],
        ["links and false pages"] = size =>
            [.. Repeat(
                size, i =>
                    [.. new OggBytes().Head(7, (uint)i + 2).Tags((uint)i + 2).Audio(
                        9, 9 * 960, OggPageFlags.EndOfStream, (uint)i + 2).ToArray(), .. Repeat(600, _ => FalsePage[..27])])],
        ["streams beside"] = size => Pages(size, (file, i) => file.Page(OggPageFlags.BeginOfStream, 0, (uint)i + 2, [1, 2, 3])),
        ["large comment"] = size => Tags(new OpusComment("A", new string('x', size))),
        ["small comments"] = size => Tags([.. Enumerable.Repeat(new OpusComment("A", ""), size / 6)]),
        ["tags without end"] = size => Open(size, "OpusTags"u8.ToArray()),
        ["packet without end"] = size => Open(size, []),
    };

    /// <summary>WebM, by what is hostile about it.</summary>
    public static IReadOnlyDictionary<string, Func<int, byte[]>> WebM { get; } = new Dictionary<string, Func<int, byte[]>>
    {
        ["documents of tracks"] = size =>
            [.. Repeat(
                Math.Min(size, 200_000), _ =>
                    [.. MatroskaBytes.Ebml(), .. MatroskaBytes.El(
                        EbmlId.Segment, MatroskaBytes.El(EbmlId.Tracks, Repeat(2000, _ => [0xAE, 0x80])))])],
        ["empty tracks"] = size =>
            WebMFile(MatroskaBytes.El(EbmlId.Tracks, [MatroskaBytes.OpusTrack(), Repeat(size, _ => [0xAE, 0x80])])),
        ["codec privates"] = size =>
            WebMFile(
                MatroskaBytes.Tracks(
                    MatroskaBytes.OpusTrack(Repeat(size, i => MatroskaBytes.El(EbmlId.CodecPrivate, [(byte)i]))))),
        ["comments without a name"] = size =>
            WebMFile(
                [.. Tracks(), .. WebMTags(
                    size, _ => MatroskaBytes.El(EbmlId.SimpleTag, MatroskaBytes.El(EbmlId.TagString, [65])))]),
        ["bad names"] = size =>
            WebMFile(
                [.. Tracks(), .. WebMTags(
                    size, _ => MatroskaBytes.El(EbmlId.SimpleTag, MatroskaBytes.El(EbmlId.TagName, [61])))]),
        ["small comments"] = size =>
            WebMFile(
                [.. Tracks(), .. WebMTags(
                    size, _ => MatroskaBytes.El(EbmlId.SimpleTag, MatroskaBytes.El(EbmlId.TagName, [65])))]),
        ["large comment"] = size =>
            WebMFile(
                [.. Tracks(), .. WebMTags(
                    1, _ => MatroskaBytes.El(EbmlId.SimpleTag, MatroskaBytes.El(EbmlId.TagName, [65]), MatroskaBytes.El(
                        EbmlId.TagString, new byte[size].Select(_ => (byte)65).ToArray())))]),
        ["empty clusters"] = size => WebMFile([.. Tracks(), .. Repeat(size, _ => MatroskaBytes.El(EbmlId.Cluster))]),
        ["empty blocks"] = size =>
            WebMFile([.. Tracks(), .. MatroskaBytes.Cluster(0, Repeat(size, _ => MatroskaBytes.Simple(0)))]),
        ["laced bytes"] = size =>
            WebMFile(
                [.. Tracks(), .. MatroskaBytes.Cluster(
                    0, Repeat(size, _ => MatroskaBytes.BlockOf(
                        EbmlId.SimpleBlock, 1, 0, 4, [255, .. Enumerable.Repeat((byte)0x48, 256)])))]),
        ["block groups"] = size =>
            WebMFile(
                [.. Tracks(), .. MatroskaBytes.Cluster(
                    0, Repeat(size, _ => MatroskaBytes.El(EbmlId.BlockGroup, MatroskaBytes.Block(EbmlId.Block, 0, 0x48))))]),
        ["cluster words"] = size =>
            WebMFile([.. Tracks(), .. MatroskaBytes.Cluster(0), .. Repeat(size, _ => [0x1F, 0x43, 0xB6, 0x75])]),
        ["cluster words with sizes"] = size =>
            WebMFile(
                [.. Tracks(), .. MatroskaBytes.Cluster(0), .. Repeat(
                    size, _ => [0x1F, 0x43, 0xB6, 0x75, 0x1F, 0xFF, 0xFF, 0xFF, 0xA3])]),
        ["large blocks"] = size =>
            WebMFile(
                [.. Tracks(), .. MatroskaBytes.Cluster(
                    0, Repeat(size, _ => MatroskaBytes.Simple(0, [0x48, .. new byte[400_000]])))]),
        ["voids"] = size => WebMFile([.. Tracks(), .. Repeat(size, _ => [0xEC, 0x80])]),
    };

    /// <summary>MP4, by what is hostile about it.</summary>
    public static IReadOnlyDictionary<string, Func<int, byte[]>> Mp4 { get; } = new Dictionary<string, Func<int, byte[]>>
    {
        ["boxes without bytes"] = size => [.. FileType, .. Repeat(size, _ => Box("free")), .. Mp4File([])],
        ["boxes in every level"] = size =>
            [.. FileType, .. Moov(
                1000,
                Repeat(size / 4, _ => Box("free")),
                Track(1, "soun", SampleEntry(DOps(312)), tables: [.. Repeat(size / 2, _ => Box("free")), .. EmptyTables]))],
        ["tracks"] = size =>
            [.. FileType, .. Moov(
                1000, Repeat(size, i => Track(i, "vide", SampleEntry([], "avc1"))), Track(1, "soun", SampleEntry(DOps(312))))],
        ["entries and boxes before the handler"] = size =>
            [.. FileType, .. Moov(1000, Entries(size), Track(1, "soun", SampleEntry(DOps(312))))],
        ["samples without bytes"] = size => Mp4File(Table(Full("stsz", 0, 0, U32(0, size / 4), new byte[size]), size / 4)),
        ["samples of half a byte"] = size => Mp4File(Table(Full("stz2", 0, 0, U32(4, 2 * size), new byte[size]), 2 * size)),
        ["samples of a byte far apart"] = size =>
            Mp4File(
                [.. Full("stts", 0, 0, U32(1, size / 8, 960)), .. Full("stsc", 0, 0, U32(1, 1, 1, 1)), .. Full(
                    "stsz", 0, 0, U32(1, size / 8)), .. Full(
                    "stco", 0, 0, U32(size / 8), Repeat(size / 2, i => U32(i % 2 == 0 ? i : 1000 + i % (size / 4))))]),
        ["chunks without samples"] = size =>
            Mp4File(
                [.. Full("stts", 0, 0, U32(1, 9, 960)), .. Full("stsc", 0, 0, U32(1, 1, 0, 1)), .. Full(
                    "stsz", 0, 0, U32(1, 9)), .. Full(
                    "stco", 0, 0, U32(size / 4), new byte[size])]),
        ["runs of no samples"] = size =>
            [.. Mp4File([], true), .. Repeat(
                size, _ => Box("moof", Box("traf", Full("tfhd", 0, 0, U32(1)), Full("trun", 0, 0, U32(0)))))],
        ["runs of all samples"] = size =>
            [.. Mp4File([], true), .. Repeat(
                size, _ => Box("moof", Box("traf", Full("tfhd", 0, 0x10, U32(1, 1)), Full("trun", 0, 0, U32(uint.MaxValue)))))],
        ["runs of another track"] = size =>
            [.. Mp4File([], true), .. Repeat(
                size, _ =>
                    Box("moof", Box("traf", Full("tfhd", 0, 0x10, U32(2, 1)), Full("trun", 0, 0x200, U32(40), new byte[160]))))],
        ["empty fragments"] = size => [.. Mp4File([], true), .. Repeat(size, _ => Box("moof"))],
        ["texts"] = size =>
            [.. FileType, .. Moov(
                1000,
                Track(1, "soun", SampleEntry(DOps(312))),
                Box("udta", Full("meta", 0, 0, Box("ilst", Repeat(size, _ => Box("\u00A9nam", Box("data", U32(1, 0), [65])))))))],
        ["items without data"] = size =>
            [.. FileType, .. Moov(
                1000,
                Track(1, "soun", SampleEntry(DOps(312))),
                Box("udta", Full("meta", 0, 0, Box("ilst", Repeat(size, _ => Box("\u00A9nam"))))))],
        ["edits"] = size =>
            [.. FileType, .. Moov(
                1000, Track(1, "soun", SampleEntry(DOps(312)), edits: Full("elst", 0, 0, U32(size / 12), new byte[size])))],
    };

    /// <summary>CAF, by what is hostile about it.</summary>
    public static IReadOnlyDictionary<string, Func<int, byte[]>> Caf { get; } = new Dictionary<string, Func<int, byte[]>>
    {
        ["packets without bytes"] = size =>
            new CafBytes { Packets = [.. Enumerable.Repeat(Array.Empty<byte>(), size)] }.ToArray(),
        ["packets of a byte"] = size => new CafBytes { Packets = [.. Enumerable.Repeat<byte[]>([0x48], size / 2)] }.ToArray(),
        ["packets of one size"] = size =>
            new CafBytes
            {
                Packets = [.. Enumerable.Repeat<byte[]>([0x48], size)],
                BytesPerPacket = 1,
                Order = "desc data",
            }.ToArray(),
        ["more packets than told"] = size =>
            new CafBytes { Packets = [.. Enumerable.Repeat<byte[]>([0x48], size / 2)], Count = long.MaxValue }.ToArray(),
        ["large packets at the end"] = size =>
            new CafBytes
            {
                Packets = [.. Enumerable.Range(0, size / 50_000 + 1).Select(i => new byte[61_440 - 100 * (i % 100)])],
            }.ToArray(),
        ["empty chunks"] = size =>
            [.. new CafBytes { Order = "desc" }.ToArray(), .. Repeat(size, _ => CafBytes.Chunk("free")), .. CafBytes.Chunk(
                "data", new byte[9])],
        ["texts"] = size =>
            new CafBytes
            {
                Order = "desc info data pakt",
                Information = [.. U32(size), .. Repeat(size, _ => [65, 0, 0])],
            }.ToArray(),
        ["texts that are no comments"] = size =>
            new CafBytes { Order = "desc info data pakt", Information = [.. U32(size), .. new byte[size]] }.ToArray(),
    };

    /// <summary>WAV, by what is hostile about it.</summary>
    public static IReadOnlyDictionary<string, Func<int, byte[]>> Wav { get; } = new Dictionary<string, Func<int, byte[]>>
    {
        ["empty chunks"] = size => new WavBytes { BeforeFmt = Repeat(size, _ => WavBytes.Chunk("JUNK", [])) }.Build(),
        ["a large chunk"] = size => new WavBytes { BeforeFmt = WavBytes.Chunk("JUNK", new byte[size]) }.Build(),
        ["frames"] = size => new WavBytes { Data = new byte[size & ~1] }.Build(),
    };

    private static byte[] Start() => new OggBytes().Head().Tags().Audio(3, 2880).ToArray();

    // Its checksum is wrong, its serial number is that of the stream.
    private static byte[] BadPage()
    {
        byte[] page = [.. FalsePage[..27], .. Enumerable.Repeat((byte)255, 20)];
        page[OggPage.SerialAt] = 1;
        page[OggPage.SegmentCountAt] = 250;
        return page;
    }

    private static byte[] Pages(int size, Action<OggBytes, int> add)
    {
        using var bytes = new MemoryStream();
        bytes.Write(Start());
        for (var i = 0; bytes.Length < size; i++)
        {
            var file = new OggBytes();
            add(file, i);
            bytes.Write(file.ToArray());
        }

        return bytes.ToArray();
    }

    private static byte[] Tags(params OpusComment[] comments)
    {
        using var bytes = new MemoryStream();
        using var writer = new OggOpusWriter(bytes, new OpusHead(1, 312, 48_000), new OpusTags("fuzz", comments));
        writer.WritePacket(OggBytes.Packet);
        writer.Finish();
        return bytes.ToArray();
    }

    // A packet that goes on from page to page and never ends.
    private static byte[] Open(int size, byte[] start)
    {
        var file = new OggBytes().Head();
        if (start.Length == 0)
            file.Tags();
        byte[] segments = [.. start, .. new byte[255 * 250 - start.Length]];
        for (var flags = OggPageFlags.None; file.Length < size; flags = OggPageFlags.Continued)
        {
            file.OpenPage(flags, -1, 1, [], segments);
            segments = new byte[255 * 250];
        }

        return file.ToArray();
    }

    private static byte[] WebMFile(byte[] content) =>
        [.. MatroskaBytes.Ebml(), .. MatroskaBytes.Open(EbmlId.Segment, MatroskaBytes.Info(), content)];

    private static byte[] Tracks() => MatroskaBytes.Tracks(MatroskaBytes.OpusTrack());

    private static byte[] WebMTags(int size, Func<int, byte[]> make) =>
        MatroskaBytes.El(EbmlId.Tags, MatroskaBytes.El(EbmlId.Tag, Repeat(size, make)));

    private static byte[] Mp4File(byte[] tables, bool isFragmented = false) =>
    [
        .. FileType,
        .. Moov(
            1000,
            Track(1, "soun", SampleEntry(DOps(312)), tables: tables.Length == 0 ? EmptyTables : tables),
            isFragmented ? Box("mvex", Full("trex", 0, 0, U32(1, 1, D, 1, 0))) : []),
    ];

    private static byte[] Table(byte[] sizes, int count) =>
    [
        .. Full("stts", 0, 0, U32(1, count, 960)),
        .. Full("stsc", 0, 0, U32(1, 1, count, 1)),
        .. sizes,
        .. Full("stco", 0, 0, U32(1, 40)),
    ];

    // A track of no known kind with as many sample entries as boxes.
    private static byte[] Entries(int size) => Box(
        "trak",
        Box(
            "mdia",
            Repeat(size / 2, _ => Box("free")),
            Box("minf", Box("stbl", Full("stsd", 0, 0, U32(size / 16), Repeat(size / 2, _ => Box("none")))))));

    private static byte[] Repeat(int size, Func<int, byte[]> make)
    {
        using var bytes = new MemoryStream();
        for (var i = 0; bytes.Length < size; i++)
            bytes.Write(make(i));
        return bytes.ToArray();
    }
}
