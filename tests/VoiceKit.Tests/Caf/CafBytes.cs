using System.Text;
using VoiceKit.Caf;
using VoiceKit.Containers;
using VoiceKit.Opus;
using static VoiceKit.Tests.Mp4.Mp4Bytes;

namespace VoiceKit.Tests.Caf;

/// <summary>Builds CAF files chunk by chunk, so that a test can break exactly one thing.</summary>
internal sealed record CafBytes
{
    public const int D = 960;

    public byte[][] Packets { get; init; } = MakePackets(10);

    public double Rate { get; init; } = 48_000;

    public string Format { get; init; } = "opus";

    public int BytesPerPacket { get; init; }

    public int FramesPerPacket { get; init; } = D;

    public int Channels { get; init; } = 1;

    /// <summary>The number of frames for each packet; null for none.</summary>
    public int[]? Frames { get; init; }

    public long? Count { get; init; }

    public long? Valid { get; init; }

    public int Priming { get; init; } = 312;

    public int Remainder { get; init; } = 100;

    /// <summary>The chunks in their order.</summary>
    public string Order { get; init; } = "desc chan data pakt";

    public byte[] Information { get; init; } = [];

    public bool DataToTheEnd { get; init; }

    public static byte[] Chunk(string type, params byte[][] parts)
    {
        byte[] body = [.. parts.SelectMany(part => part)];
        return [.. Encoding.ASCII.GetBytes(type), .. U64(body.Length), .. body];
    }

    public static byte[] Number(int value)
    {
        var bytes = new List<byte> { (byte)(value & 0x7F) };
        while ((value >>= 7) > 0)
            bytes.Insert(0, (byte)(value & 0x7F | 0x80));
        return [.. bytes];
    }

    public byte[] ToArray() => [.. "caff"u8, .. U16(1, 0), .. Order.Split(' ').SelectMany(MakeChunk)];

    public CafOpusReader Open(bool strict = false) =>
        CafOpusReader.Open(new MemoryStream(ToArray()), new OpusReaderOptions { Strict = strict });

    private byte[] MakeChunk(string type) => type switch
    {
        "desc" => Chunk(
            "desc",
            U64(BitConverter.DoubleToInt64Bits(Rate)),
            Encoding.ASCII.GetBytes(Format),
            U32(0, BytesPerPacket, FramesPerPacket, Channels, 0)),
        "chan" => Chunk("chan", U32(100 << 16 | 1, 0, 0)),
        "info" => Chunk("info", Information),
        "pakt" => Chunk(
            "pakt",
            U64(Count ?? Packets.Length, Valid ?? Packets.Length * D - Priming - Remainder),
            U32(Priming, Remainder),
            [.. Packets.SelectMany(MakeEntry)]),
        "data" when DataToTheEnd => [.. "data"u8, .. U64(-1), .. U32(0), .. Packets.SelectMany(packet => packet)],
        "data" => Chunk("data", U32(0), [.. Packets.SelectMany(packet => packet)]),
        _ => Chunk(type, new byte[77]),
    };

    private byte[] MakeEntry(byte[] packet, int index) =>
        [.. BytesPerPacket > 0 ? [] : Number(packet.Length), .. Frames is null ? [] : Number(Frames[index])];
}
