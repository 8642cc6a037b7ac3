using System.Buffers.Binary;
using System.Text;
using VoiceKit.Containers;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.WebM;

namespace VoiceKit.Tests.WebM;

/// <summary>Builds WebM files element by element, so that a test can break exactly one thing.</summary>
internal static class MatroskaBytes
{
    /// <summary>The samples of a packet made by <see cref="Packet"/>.</summary>
    public const int PacketDuration = 960;

    /// <summary>A packet of 20 ms that can be told from others, of any size.</summary>
    public static byte[] Packet(int number, int size = 5) =>
        [0x48, (byte)number, .. Enumerable.Range(2, size - 2).Select(i => (byte)(i * 7 + number))];

    public static byte[] El(uint id, params byte[][] children)
    {
        var data = children.SelectMany(child => child).ToArray();
        return [.. Id(id), .. Size(data.Length), .. data];
    }

    /// <summary>An element of unknown size.</summary>
    public static byte[] Open(uint id, params byte[][] children) =>
        [.. Id(id), 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, .. children.SelectMany(child => child)];

    public static byte[] Number(uint id, long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return El(id, bytes);
    }

    public static byte[] Text(uint id, string text) => El(id, Encoding.UTF8.GetBytes(text));

    public static byte[] Ebml(params byte[][] more) => El(EbmlId.Ebml, [Text(EbmlId.DocType, "webm"), .. more]);

    public static byte[] Info(params byte[][] more) =>
        El(EbmlId.Info, [Number(EbmlId.TimestampScale, 1_000_000), Text(EbmlId.MuxingApp, "test"), .. more]);

    public static byte[] OpusHead(int preSkip = 312, int channels = 1)
    {
        var head = new OpusHead(channels, preSkip, 48_000);
        var packet = new byte[head.Size];
        head.Write(packet);
        return packet;
    }

    /// <summary>The start of a track: its number, type and codec.</summary>
    public static byte[] Track(int number, int type, string codec, params byte[][] more) => El(
        EbmlId.TrackEntry,
        [
            Number(EbmlId.TrackNumber, number),
            Number(EbmlId.TrackUid, number + 100),
            Number(EbmlId.TrackType, type),
            Text(EbmlId.CodecId, codec),
            .. more,
        ]);

    public static byte[] OpusTrack(params byte[][] more) =>
        Track(1, 2, "A_OPUS", [El(EbmlId.CodecPrivate, OpusHead()), .. more]);

    public static byte[] Tracks(params byte[][] tracks) => El(EbmlId.Tracks, tracks);

    public static byte[] Block(uint id, int time, params byte[] data) => BlockOf(id, 1, time, 0, data);

    /// <summary>A block with flags that tell its lacing.</summary>
    public static byte[] BlockOf(uint id, int track, int time, byte flags, params byte[] data) =>
        El(id, [(byte)(0x80 | track), (byte)(time >> 8), (byte)time, flags, .. data]);

    public static byte[] Simple(int time, params byte[] packet) => Block(EbmlId.SimpleBlock, time, packet);

    public static byte[] Cluster(long time, params byte[][] blocks) =>
        El(EbmlId.Cluster, [Number(EbmlId.Timestamp, time), .. blocks]);

    /// <summary>A file with one Opus track.</summary>
    public static byte[] File(params byte[][] clusters) =>
        [.. Ebml(), .. El(EbmlId.Segment, [Info(), Tracks(OpusTrack()), .. clusters])];

    /// <summary>What Chrome's MediaRecorder makes: unknown sizes, a pre-skip of 0, no CodecDelay.</summary>
    public static byte[] LikeChrome(params byte[][] clusters) =>
    [
        .. Ebml(),
        .. Open(
            EbmlId.Segment,
            [
                Info(Text(EbmlId.WritingApp, "Chrome")),
                Tracks(Track(1, 2, "A_OPUS", El(EbmlId.CodecPrivate, OpusHead(0, 2)))),
                .. clusters,
            ]),
    ];

    public static ReadResult Read(byte[] data, bool strict = false) => Read(new MemoryStream(data), strict);

    public static ReadResult Read(Stream stream, bool strict = false)
    {
        using var reader = WebMOpusReader.Open(stream, new OpusReaderOptions { Strict = strict });
        var packets = new List<byte[]>();
        var infos = new List<OpusPacketInfo>();
        while (reader.Read())
        {
            packets.Add(reader.Packet.ToArray());
            infos.Add(reader.PacketInfo);
        }

        return new ReadResult(reader.Head, reader.Tags, packets, infos, [.. reader.Defects], reader.Position, reader.GapSamples);
    }

    private static byte[] Id(uint id)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, id);
        return [.. bytes.SkipWhile(value => value == 0)];
    }

    private static byte[] Size(int size) =>
        size < 127 ? [(byte)(0x80 | size)] : [0x10, (byte)(size >> 16), (byte)(size >> 8), (byte)size];

    internal sealed record ReadResult(
        OpusHead Head,
        OpusTags Tags,
        List<byte[]> Packets,
        List<OpusPacketInfo> Infos,
        List<OpusDefect> Defects,
        long Position,
        long GapSamples);
}
