using System.Buffers.Binary;
using VoiceKit.Audio;
using VoiceKit.Caf;
using VoiceKit.Containers;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Audio;
using VoiceKit.Tests.Caf;
using VoiceKit.Tests.Mp4;
using VoiceKit.Tests.Ogg;
using VoiceKit.Tests.Rtp;
using VoiceKit.Tests.Support;
using VoiceKit.Tests.WebM;
using VoiceKit.WebM;
using static VoiceKit.Tests.Mp4.Mp4Bytes;

namespace VoiceKit.Fuzz;

/// <summary>Whole files to break: small ones, so that a change is likely to matter.</summary>
internal static partial class Seeds
{
    private static readonly OpusTags Tags = new(
        "fuzz", new("TITLE", "Grüße"), new("ARTIST", "somebody"), new(OpusTagNames.R128TrackGain, "-300"));

    private static readonly OpusHead SurroundHead = OpusHead.Parse(
        [.. "OpusHead"u8, 1, 6, 0x38, 1, 0x80, 0xBB, 0, 0, 0, 0, 1, 4, 2, 0, 4, 1, 2, 3, 5]);

    public static IReadOnlyList<byte[]> Ogg { get; } = MakeOgg();

    public static IReadOnlyList<byte[]> WebM { get; } = MakeWebM();

    public static IReadOnlyList<byte[]> Mp4 { get; } = MakeMp4();

    public static IReadOnlyList<byte[]> Caf { get; } = MakeCaf();

    public static IReadOnlyList<byte[]> Wav { get; } = MakeWav();

    /// <summary>RTP packets, each behind its size in two bytes.</summary>
    public static IReadOnlyList<byte[]> Rtp { get; } = MakeRtp();

    public static IReadOnlyList<byte[]> Packets { get; } =
    [
        [0x48, 1, 2, 3], [0xF8, 0xFF, 0xFE], [0x49, 1, 2, 3, 4], [0x4A, 2, 1, 2, 3, 4], [0x4B, 0x03, 1, 2, 3, 4, 5, 6],
        [0x4B, 0x83, 1, 2, 1, 2, 3, 4, 5, 6, 7],
        [0x4B, 0x41, 4, 1, 2, 3, 0, 0, 0, 0],
        [0x4B, 0xC2, 255, 1, 1, 5, .. new byte[300]],
        [0xE3, 48, .. new byte[96]], [0x48, 2, 1, 2, 0x48, 3, 4, 5], [0x4B, 0x82, 2, 2, 1, 2, 3, 4, 0x4B, 0x82, 1, 5, 6, 7],
        [0x48, 252, 0, .. new byte[252], 0x48, .. new byte[1275]],
    ];

    public static IReadOnlyList<byte[]> Pictures { get; } =
    [
        .. new[]
        {
            new OpusPicture(OpusPictureType.FrontCover, "image/png", new byte[200], "the cover") { Width = 10, Height = 20 },
            OpusPicture.FromLink(OpusPictureType.Other, "https://example.org/picture"),
        }
        .Select(picture => Convert.FromBase64String(picture.ToBase64())),
    ];

    /// <summary>A packet of several streams, each but the last with its length.</summary>
    public static byte[] MakePacket(int number, int streams = 1)
    {
        var packet = new List<byte>();
        for (var stream = 0; stream < streams - 1; stream++)
            packet.AddRange([0x48, 3, (byte)number, (byte)stream, 7]);
        packet.AddRange(NumberedPackets.Make(number, 5 + number * 7 % 60));
        return [.. packet];
    }

    public static byte[] Write(Func<Stream, IOpusPacketWriter> create, int count, int trimEnd = 0, int streams = 1, int first = 0)
    {
        using var bytes = new MemoryStream();
        using var writer = create(bytes);
        for (var i = 0; i < count; i++)
            writer.WritePacket(MakePacket(first + i, streams));
        writer.Finish(trimEnd);
        return bytes.ToArray();
    }

    public static byte[] WriteOgg(
        OpusHead head,
        OpusTags tags,
        int count,
        int serial,
        int trimEnd = 0,
        int streams = 1,
        int pageMilliseconds = 100,
        int first = 0)
    {
        var options = new OpusWriterOptions { Serial = serial, MaxPageDuration = TimeSpan.FromMilliseconds(pageMilliseconds) };
        return Write(stream => new OggOpusWriter(stream, head, tags, options, leaveOpen: true), count, trimEnd, streams, first);
    }

    private static byte[][] MakeOgg()
    {
        var mono = new OpusHead(1, 312, 16_000);
        var stereo = new OpusHead(2, 3840, 48_000, -256);
        var picture = Tags.Add(new OpusPicture(OpusPictureType.FrontCover, "image/png", new byte[900], "cover"));
        var large = new OpusTags("fuzz", new OpusComment("COMMENT", new string('x', 70_000)));
        var bytes = new OggBytes();
        var whole = new byte[255 * 3];
        whole[0] = 0x48;
        var continued = bytes.Head().Tags()
            .OpenPage(OggPageFlags.None, 960, 1, OggBytes.Packet, whole)
            .Page(OggPageFlags.Continued, 3840, 1, new byte[100], OggBytes.Packet, OggBytes.Packet)
            .Audio(3, 6600, OggPageFlags.EndOfStream)
            .ToArray();
        return
        [
            WriteOgg(mono, Tags, 30, 1, 200),
            WriteOgg(stereo, picture, 25, 2, 0, pageMilliseconds: 0),
            WriteOgg(SurroundHead, Tags, 12, 3, 100, streams: 4),
            [.. WriteOgg(mono, Tags, 8, 10), .. WriteOgg(stereo, Tags, 9, 11, 500), .. WriteOgg(mono, Tags, 3, 12, 40)],
            WriteOgg(mono, large, 4, 5),
            NumberedPackets.File(60, new OpusWriterOptions { Serial = 6 }, minSize: 800, maxSize: 1200),
            WriteOgg(mono, new OpusTags("x"), 1, 7),
            continued,
            new OggBytes().Head().Tags().Audio(5, 4800).Skip(3).Audio(5, 48_000).Audio(
                5, 52_800 - 500, OggPageFlags.EndOfStream).ToArray(),
            new OggBytes().Page(
                OggPageFlags.BeginOfStream, 0, 77, "\u0001vorbis........"u8.ToArray()).Head().Tags().Audio(5, 4800)
                .Page(OggPageFlags.None, 0, 77, new byte[30]).Audio(2, 6720, OggPageFlags.EndOfStream).ToArray(),
        ];
    }

    private static byte[][] MakeWebM()
    {
        var mono = new OpusHead(1, 312, 48_000);
        var options = new OpusWriterOptions { MaxClusterDuration = TimeSpan.FromMilliseconds(200) };
        var live = new MemoryStream();
        using (var writer = new WebMOpusWriter(new ForwardStream(live), mono, Tags, options))
        {
            for (var i = 0; i < 30; i++)
                writer.WritePacket(MakePacket(i));
            writer.Finish(100);
        }

        byte[] lace = [2, 5, 5, .. MatroskaBytes.Packet(1), .. MatroskaBytes.Packet(2), .. MatroskaBytes.Packet(3)];
        byte[] ebmlLace = [2, 0x85, 0xBF, .. MatroskaBytes.Packet(1), .. MatroskaBytes.Packet(2), .. MatroskaBytes.Packet(3)];
        byte[] even = [2, .. MatroskaBytes.Packet(1), .. MatroskaBytes.Packet(2), .. MatroskaBytes.Packet(3)];
        var group = MatroskaBytes.El(
            EbmlId.BlockGroup,
            MatroskaBytes.Block(EbmlId.Block, 60, MatroskaBytes.Packet(9)),
            MatroskaBytes.Number(EbmlId.DiscardPadding, 5_000_000));
        var clusters = new[]
        {
            MatroskaBytes.Cluster(0, MatroskaBytes.BlockOf(EbmlId.SimpleBlock, 1, 0, 2, lace), group),
            MatroskaBytes.Cluster(
                80,
                MatroskaBytes.BlockOf(EbmlId.SimpleBlock, 1, 0, 6, ebmlLace),
                MatroskaBytes.BlockOf(EbmlId.SimpleBlock, 1, 60, 4, even)),
        };
        return
        [
            live.ToArray(),
            Write(stream => new WebMOpusWriter(stream, mono, Tags, options, leaveOpen: true), 30, 100),
            Write(stream => new WebMOpusWriter(stream, SurroundHead, Tags, options, leaveOpen: true), 12, 0, streams: 4),
            MatroskaBytes.File(clusters),
            MatroskaBytes.LikeChrome(clusters),
            StrippedWebM(),
            [.. MatroskaBytes.File(clusters), .. MatroskaBytes.File(clusters)],
            Fixture("chromium-mono.webm"),
        ];
    }

    // The first bytes of the OpusHead and of each packet are told once, in the track (RFC 9559 §5.1.4.1.31.7).
    private static byte[] StrippedWebM()
    {
        byte[] Encoding(int scope, byte[] settings) => MatroskaBytes.El(
            EbmlId.ContentEncodings,
            MatroskaBytes.El(
                EbmlId.ContentEncoding,
                MatroskaBytes.Number(EbmlId.ContentEncodingScope, scope),
                MatroskaBytes.El(
                    EbmlId.ContentCompression,
                    MatroskaBytes.Number(EbmlId.ContentCompAlgo, 3),
                    MatroskaBytes.El(EbmlId.ContentCompSettings, settings))));
        var track = MatroskaBytes.Track(
            1, 2, "A_OPUS", Encoding(1, [0x48]), MatroskaBytes.El(EbmlId.CodecPrivate, MatroskaBytes.OpusHead()));
        var head = MatroskaBytes.Track(
            2,
            2,
            "A_OPUS",
            Encoding(2, MatroskaBytes.OpusHead()[..9]),
            MatroskaBytes.El(EbmlId.CodecPrivate, MatroskaBytes.OpusHead()[9..]));
        var cluster = MatroskaBytes.Cluster(
            0, MatroskaBytes.Simple(0, 1, 2, 3), MatroskaBytes.Simple(20, 4, 5), MatroskaBytes.Simple(40, 6));
        return [.. MatroskaBytes.Ebml(), .. MatroskaBytes.El(
            EbmlId.Segment, MatroskaBytes.Info(), MatroskaBytes.Tracks(track, head), cluster)];
    }

    private static byte[][] MakeMp4()
    {
        var text = Box("udta", Full("meta", 0, 0, Box("ilst", Box("\u00A9nam", Box("data", U32(1, 0), "title"u8.ToArray())))));
        var packets = MakePackets(8);
        var moov = Moov(
            1000, Track(2, "soun", SampleEntry(DOps(312))), Box("mvex", Full("trex", 0, 0, U32(2, 1, D, 4, 0))));
        return
        [
            new Mp4Bytes { Edits = Elst((9600 - 312 - 100, 312)), UserData = text }.ToArray(),
            new Mp4Bytes { PerChunk = 3, LongOffsets = true, MoovLast = true }.ToArray(),
            new Mp4Bytes
            {
                CompactBits = 4,
                DataSizeKind = 64,
                OtherTracks = Track(1, "vide", SampleEntry([], "avc1")),
            }.ToArray(),
            new Mp4Bytes { CompactBits = 16, DataSizeKind = 0, PerChunk = 1 }.ToArray(),
            new Mp4Bytes { Packets = [.. Enumerable.Repeat(OggBytes.Packet, 9)], ConstantSize = true, PerChunk = 2 }.ToArray(),
            [.. FileType, .. moov, .. Fragment(packets[..4], 0), .. Fragment(packets[4..], 4 * D)],
            Fixture("chromium-mono.mp4"),
        ];
    }

    private static byte[] Fragment(byte[][] packets, long time)
    {
        byte[] Moof(long dataAt) => Box(
            "moof",
            Full("mfhd", 0, 0, U32(1)),
            Box(
                "traf",
                Full("tfhd", 0, 0x2_0000, U32(2)),
                Full("tfdt", 1, 0, U64(time)),
                Full("trun", 0, 0x301, U32(packets.Length, dataAt), [.. packets.SelectMany(packet => U32(D, packet.Length))])));
        var size = Moof(0).Length;
        return [.. Moof(size + 8), .. Box("mdat", packets)];
    }

    private static byte[][] MakeCaf()
    {
        var packets = MakePackets(6);
        return
        [
            Write(stream => new CafOpusWriter(stream, new OpusHead(1, 312, 48_000), Tags, leaveOpen: true), 30, 100),
            Write(
                stream => new CafOpusWriter(new ForwardStream(stream), new OpusHead(2, 312, 48_000), Tags, leaveOpen: true),
                20,
                900),
            new CafBytes().ToArray(),
            new CafBytes
            {
                Packets = packets,
                FramesPerPacket = 0,
                Frames = [960, 960, 960, 960, 960, 960],
                DataToTheEnd = true,
                Order = "desc pakt data",
            }.ToArray(),
            new CafBytes
            {
                Packets = [.. Enumerable.Repeat(OggBytes.Packet, 9)],
                BytesPerPacket = 4,
                Order = "desc info data",
                Information = [0, 0, 0, 1, .. "title\0a\0"u8],
            }.ToArray(),
            new CafBytes { Rate = 16_000, FramesPerPacket = 320, Order = "desc free pakt data" }.ToArray(),
        ];
    }

    private static byte[][] MakeWav()
    {
        var files = new List<byte[]>();
        foreach (var format in Enum.GetValues<WavSampleFormat>())
        {
            using var bytes = new MemoryStream();
            using (var writer = new WavWriter(bytes, new AudioFormat(16_000, 2), format, leaveOpen: true))
                writer.Write([.. Enumerable.Range(0, 100).Select(i => i / 100f)]);
            files.Add(bytes.ToArray());
        }

        files.Add(new WavBytes().Build());
        files.Add(new WavBytes { Tag = 0xFFFE, FmtTail = WavBytes.ExtensibleTail(16, WavBytes.PcmGuid) }.Build());
        files.Add(
            new WavBytes
            {
                Riff = "RF64",
                RiffSize = uint.MaxValue,
                DataSize = uint.MaxValue,
                BeforeFmt = WavBytes.Ds64(100, 6, 3),
            }.Build());
        files.Add(
            new WavBytes
            {
                Tag = 7,
                Bits = 8,
                BeforeData = WavBytes.Chunk("LIST", new byte[31]),
                AfterData = WavBytes.Chunk("LIST", new byte[9]),
            }.Build());
        files.Add(new WavBytes { DataSize = 0 }.Build());
        return [.. files];
    }

    private static byte[][] MakeRtp()
    {
        var stream = RtpBytes.Stream(40);
        var other = RtpBytes.Stream(10, 100, 5000, 9);
        byte[][] odd =
        [
            .. stream[..5],
            stream[7],
            stream[6],
            stream[6],
            .. stream[9..12],
            RtpBytes.Packet(12, 0, [1], type: 101),
            [0x80, 200, 0, 1, 0, 0, 0, 0],
            .. stream[15..30],
            .. other,
            RtpBytes.Packet(110, 20_000, RtpBytes.Opus(1), 9, 96, 2, new byte[8], 4),
            .. stream[35..],
        ];
        return [Frame(stream), Frame(odd), Frame([.. stream[..3], .. other, .. stream[3..]])];
    }

    private static byte[] Frame(byte[][] packets) =>
        [.. packets.SelectMany(packet => (byte[])[(byte)(packet.Length >> 8), (byte)packet.Length, .. packet])];

    /// <summary>The packets of a framed stream; the last one is what there is of it.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Unframe(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length >= 2)
        {
            var size = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(bytes.Span), bytes.Length - 2);
            yield return bytes.Slice(2, size);
            bytes = bytes[(2 + size)..];
        }
    }

    private static byte[] Fixture(string name)
    {
        using var stream = typeof(Seeds).Assembly.GetManifestResourceStream(name)!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>Cannot seek.</summary>
    private sealed class ForwardStream(Stream stream) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer) => stream.Write(buffer);

        public override void Write(byte[] buffer, int offset, int count) => stream.Write(buffer, offset, count);

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
