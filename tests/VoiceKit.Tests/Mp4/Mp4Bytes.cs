using System.Buffers.Binary;
using System.Text;
using VoiceKit.Containers;
using VoiceKit.Mp4;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Tests.Mp4;

/// <summary>Builds MP4 files box by box, so that a test can break exactly one thing.</summary>
internal sealed record Mp4Bytes
{
    public const int D = 960;

    public byte[][] Packets { get; init; } = MakePackets(10);

    public uint[]? Deltas { get; init; }

    public uint Timescale { get; init; } = 48_000;

    public uint MovieTimescale { get; init; } = 48_000;

    public byte[]? Edits { get; init; }

    public byte[] Specific { get; init; } = DOps(312);

    public byte[]? Entry { get; init; }

    public byte[] OtherTracks { get; init; } = [];

    public byte[] UserData { get; init; } = [];

    public byte[] Before { get; init; } = [];

    public bool MoovLast { get; init; }

    public bool LongOffsets { get; init; }

    /// <summary>0 for stsz, or the bits of stz2.</summary>
    public int CompactBits { get; init; }

    public bool ConstantSize { get; init; }

    public int PerChunk { get; init; } = 1000;

    /// <summary>How mdat tells its size: 32 for the usual, 64, or 0 for "to the end".</summary>
    public int DataSizeKind { get; init; } = 32;

    public Func<byte[], byte[]> ChangeTable { get; init; } = table => table;

    /// <summary>SILK packets of 20 ms, each of other bytes and, up to 5, of another size.</summary>
    public static byte[][] MakePackets(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new byte[] { 0x48, (byte)i, 2, 3, 4, 5 }[..(3 + i % 4)])];

    /// <summary>An Ogg Opus file as MP4, by the writer of MP4 itself.</summary>
    /// <param name="ogg">The file.</param>
    /// <param name="fragment">How long fragments are, in ms; null for none.</param>
    public static byte[] FromOgg(byte[] ogg, int? fragment)
    {
        var output = new MemoryStream();
        using var reader = OggOpusReader.Open(ogg);
        var options = new OpusWriterOptions { FragmentDuration = fragment is { } ms ? TimeSpan.FromMilliseconds(ms) : null };
        using var writer = new Mp4OpusWriter(output, reader.Head, reader.Tags, options, leaveOpen: true);
        var trim = 0;
        while (reader.Read())
        {
            writer.WritePacket(reader.Packet);
            trim = reader.PacketInfo.TrimEnd;
        }

        writer.Finish(trim);
        return output.ToArray();
    }

    public static byte[] U16(params int[] values) => [.. values.SelectMany(value => Bytes(2, (ulong)value))];

    public static byte[] U32(params long[] values) => [.. values.SelectMany(value => Bytes(4, (ulong)value))];

    public static byte[] U64(params long[] values) => [.. values.SelectMany(value => Bytes(8, (ulong)value))];

    public static byte[] Box(string type, params byte[][] parts)
    {
        byte[] body = [.. parts.SelectMany(part => part)];
        return [.. U32(body.Length + 8), .. Encoding.Latin1.GetBytes(type), .. body];
    }

    public static byte[] Full(string type, int version, int flags, params byte[][] parts) =>
        Box(type, [U32((long)version << 24 | (uint)flags), .. parts]);

    public static byte[] DOps(int preSkip, int channels = 1, uint rate = 48_000, short gain = 0, int version = 0) =>
        Box("dOps", [(byte)version, (byte)channels], U16(preSkip), U32(rate), U16((ushort)gain), [0]);

    public static byte[] Elst(params (long Duration, long Start)[] edits) =>
        Full("elst", 0, 0, U32(edits.Length), [.. edits.SelectMany(edit => U32(edit.Duration, edit.Start, 0x10000))]);

    /// <summary>Edits that are played at rates of their own: 0x10000 is the usual one.</summary>
    public static byte[] ElstAt(params (long Duration, long Start, long Rate)[] edits) =>
        Full("elst", 0, 0, U32(edits.Length), [.. edits.SelectMany(edit => U32(edit.Duration, edit.Start, edit.Rate))]);

    public static byte[] ElstLong(params (long Duration, long Start)[] edits) =>
        Full("elst", 1, 0, U32(edits.Length), [.. edits.SelectMany(edit => U64(edit.Duration, edit.Start).Concat(U32(0x10000)))]);

    public static byte[] SampleEntry(byte[] specific, string type = "Opus", int version = 0, byte[]? more = null) =>
        Box(type, new byte[6], U16(1, version, 0, 0, 0, 1, 16, 0, 0), U32(48_000L << 16), more ?? [], specific);

    public static byte[] Track(
        int id, string handler, byte[] entry, uint timescale = 48_000, byte[]? edits = null, byte[]? tables = null) =>
        Box("trak",
            Full("tkhd", 0, 3, U32(0, 0, id, 0, 0)),
            edits is null ? [] : Box("edts", edits),
            Box("mdia",
                Full("mdhd", 0, 0, U32(0, 0, timescale, 0, 0)),
                Full("hdlr", 0, 0, U32(0), Encoding.ASCII.GetBytes(handler), new byte[13]),
                Box("minf", Box("stbl", Full("stsd", 0, 0, U32(1), entry), tables ?? EmptyTables))));

    public static byte[] EmptyTables =>
    [
        .. Full("stts", 0, 0, U32(0)),
        .. Full("stsc", 0, 0, U32(0)),
        .. Full("stsz", 0, 0, U32(0, 0)),
        .. Full("stco", 0, 0, U32(0)),
    ];

    public static byte[] Moov(uint movieTimescale, params byte[][] parts) =>
        Box("moov", [Full("mvhd", 0, 0, U32(0, 0, movieTimescale, 0)), .. parts]);

    public static byte[] FileType => Box("ftyp", "isom"u8.ToArray(), U32(512), "isom"u8.ToArray());

    public byte[] ToArray()
    {
        var moov = MakeMoov(0);
        byte[] start = [.. Before, .. FileType];
        var dataAt = start.Length + (MoovLast ? 0 : moov.Length) + (DataSizeKind == 64 ? 16 : 8);
        moov = MakeMoov(dataAt);
        byte[] packets = [.. Packets.SelectMany(packet => packet)];
        byte[] data = DataSizeKind switch
        {
            64 => [.. U32(1), .. "mdat"u8, .. U64(packets.Length + 16), .. packets],
            0 => [.. U32(0), .. "mdat"u8, .. packets],
            _ => Box("mdat", packets),
        };
        return MoovLast ? [.. start, .. data, .. moov] : [.. start, .. moov, .. data];
    }

    public Mp4OpusReader Open(bool strict = false) =>
        Mp4OpusReader.Open(new MemoryStream(ToArray()), new OpusReaderOptions { Strict = strict });

    /// <summary>Everything a reader tells of what it reads.</summary>
    public static (byte[][] Packets, OpusPacketInfo[] Infos) ReadAll(IOpusPacketReader reader)
    {
        var packets = new List<byte[]>();
        var infos = new List<OpusPacketInfo>();
        while (reader.Read())
        {
            packets.Add(reader.Packet.ToArray());
            infos.Add(reader.PacketInfo);
        }

        return ([.. packets], [.. infos]);
    }

    private byte[] MakeMoov(long dataAt)
    {
        var track = Track(2, "soun", Entry ?? SampleEntry(Specific), Timescale, Edits, ChangeTable(MakeTables(dataAt)));
        return Moov(MovieTimescale, OtherTracks, track, UserData);
    }

    private byte[] MakeTables(long dataAt)
    {
        var deltas = Deltas ?? [.. Packets.Select(_ => (uint)D)];
        var chunks = Packets.Chunk(PerChunk).ToArray();
        var offsets = new List<long>();
        foreach (var chunk in chunks)
        {
            offsets.Add(dataAt);
            dataAt += chunk.Sum(packet => packet.Length);
        }

        long rest = chunks[^1].Length;
        byte[] runs = chunks.Length == 1 ? U32(1, 1, rest, 1) : U32(2, 1, PerChunk, 1, chunks.Length, rest, 1);
        return
        [
            .. Full("stts", 0, 0, U32(deltas.Length), [.. deltas.SelectMany(delta => U32(1, delta))]),
            .. Full("stsc", 0, 0, runs),
            .. MakeSizes(),
            .. LongOffsets
                ? Full("co64", 0, 0, U32(offsets.Count), U64([.. offsets]))
                : Full("stco", 0, 0, U32(offsets.Count), U32([.. offsets])),
        ];
    }

    private byte[] MakeSizes()
    {
        var sizes = Packets.Select(packet => packet.Length).ToArray();
        if (ConstantSize)
            return Full("stsz", 0, 0, U32(sizes[0], sizes.Length));
        return CompactBits switch
        {
            0 => Full("stsz", 0, 0, U32(0, sizes.Length), U32([.. sizes.Select(size => (long)size)])),
            4 => Full("stz2", 0, 0, U32(4, sizes.Length), [.. sizes.Chunk(2).Select(pair => (byte)(pair[0] << 4 | pair[^1]))]),
            8 => Full("stz2", 0, 0, U32(8, sizes.Length), [.. sizes.Select(size => (byte)size)]),
            _ => Full("stz2", 0, 0, U32(16, sizes.Length), U16(sizes)),
        };
    }

    private static byte[] Bytes(int count, ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return bytes[(8 - count)..];
    }
}
