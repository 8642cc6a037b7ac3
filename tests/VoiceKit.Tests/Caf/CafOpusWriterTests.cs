using FsCheck;
using FsCheck.Fluent;
using VoiceKit.Audio;
using VoiceKit.Caf;
using VoiceKit.Containers;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;
using static VoiceKit.Tests.Mp4.Mp4Bytes;

namespace VoiceKit.Tests.Caf;

public class CafOpusWriterTests
{
    private static readonly OpusHead Head = new(1, 312, 48_000);
    private static readonly OpusTags Tags = new(
        "vendör", new OpusComment("TITLE", "x"), new OpusComment("DATE", "2024-01-02"), new OpusComment("ENCODER", "e"));

    public static TheoryData<string> FfmpegArguments =>
    [
        "-b:a 24k -application voip",
        "-frame_duration 2.5",
        "-frame_duration 5",
        "-frame_duration 10",
        "-frame_duration 40",
        "-frame_duration 60",
        "-frame_duration 120", "-ac 2", "-vbr off",
    ];

    [Theory]
    [MemberData(nameof(FfmpegArguments))]
    public void Ogg_to_CAF_to_Ogg_keeps_packets_trims_and_tags(string arguments)
    {
        using var folder = new TemporaryFolder();
        var (wav, ogg, caf, back) = (folder["in.wav"], folder["a.opus"], folder["a.caf"], folder["b.opus"]);
        using (var writer = new WavWriter(File.Create(wav), new AudioFormat(48_000, 1)))
            writer.Write(Signals.Voice(100_001));
        Oracle.Run(
            "ffmpeg", ["-v", "error", "-i", wav, "-c:a", "libopus", "-metadata", "title=Tïtle", .. arguments.Split(' '), ogg]);

        Copy(OggOpusReader.Open(File.OpenRead(ogg)), (head, tags) => new CafOpusWriter(File.Create(caf), head, tags));
        var strict = new OpusReaderOptions { Strict = true };
        Copy(CafOpusReader.Open(File.OpenRead(caf), strict), (head, tags) => new OggOpusWriter(File.Create(back), head, tags));

        using var first = OggOpusReader.Open(File.OpenRead(ogg));
        using var last = OggOpusReader.Open(File.OpenRead(back), strict);
        Assert.Equal(first.Head.PreSkip, last.Head.PreSkip);
        Assert.Equal(first.Tags.Vendor, last.Tags.Vendor);
        Assert.Equal(first.Tags.Comments.Select(Upper).Order(), last.Tags.Comments.Select(Upper).Order());
        var (packets, infos) = ReadAll(first);
        var (samePackets, sameInfos) = ReadAll(last);
        Assert.Equal(packets, samePackets);
        Assert.Equal(infos, sameInfos);
        Assert.Equal(100_001, last.Position);

        // ffmpeg 5.1 takes neither the priming nor the remainder frames of a packet table: it gives all that the packets decode
        // to. What is between these two is what it decodes of the Ogg file, which tells the pre-skip and the end.
        var expected = Oracle.Ffmpeg(ogg);
        var channels = first.Head.Channels;
        var all = Oracle.Ffmpeg(caf);
        Assert.Equal(infos.Sum(info => info.Duration) * channels, all.Length);
        Assert.Equal(expected, all[(first.Head.PreSkip * channels)..^(infos[^1].TrimEnd * channels)]);
        var demuxed = Oracle.RunPiped(
            "ffmpeg", null, "-v", "error", "-i", caf, "-map", "0:a", "-c", "copy", "-f", "data", "-").Output;
        Assert.Equal(packets.SelectMany(packet => packet), demuxed);
    }

    [Fact]
    public void File_by_ffmpeg_gives_its_packets_although_it_tells_no_trims()
    {
        using var folder = new TemporaryFolder();
        var (wav, ogg, caf) = (folder["in.wav"], folder["a.opus"], folder["a.caf"]);
        using (var writer = new WavWriter(File.Create(wav), new AudioFormat(48_000, 1)))
            writer.Write(Signals.Voice(100_001));
        Oracle.Run("ffmpeg", "-v", "error", "-i", wav, "-c:a", "libopus", ogg);
        Oracle.Run("ffmpeg", "-v", "error", "-i", ogg, "-c", "copy", caf);
        using var reader = CafOpusReader.Open(File.OpenRead(caf));
        using var expected = OggOpusReader.Open(File.OpenRead(ogg));
        var (packets, infos) = ReadAll(reader);
        Assert.Equal(ReadAll(expected).Packets, packets);
        Assert.Equal(Oracle.Ffmpeg(caf).Length, infos.Sum(info => info.Playable));
        Assert.StartsWith("Lavf", reader.Tags.Vendor);

        // Its mFramesPerPacket is the length of the stream divided by one packet less than there is.
        Assert.All(reader.Defects, defect => Assert.Equal(OpusDefectKind.BadTimestamp, defect.Kind));
    }

    public sealed record Input(byte[][] Packets, int TrimPercent, bool CanSeek, int Before);

    [Fact]
    public void What_is_written_is_read_back_for_any_packets() => Fx.Check(AnyInput(), input =>
    {
        var bytes = new MemoryStream();
        bytes.Write(new byte[input.Before]);
        var stream = input.CanSeek ? (Stream)bytes : new ForwardStream(bytes);
        using var writer = new CafOpusWriter(stream, new OpusHead(1, 100, 0), Tags, leaveOpen: true);
        foreach (var packet in input.Packets)
            writer.WritePacket(packet);
        var trim = (OpusPacket.Parse(input.Packets[^1]).Duration - 100) * input.TrimPercent / 100;
        writer.Finish(trim);
        Assert.Equal(bytes.Length, bytes.Position);

        bytes.Position = input.Before;
        using var reader = CafOpusReader.Open(bytes, new OpusReaderOptions { Strict = true });
        Assert.Equal("vendör", reader.Tags.Vendor);
        Assert.Equal(Tags.Comments, reader.Tags.Comments);
        var (packets, infos) = ReadAll(reader);
        Assert.Equal(input.Packets, packets);
        Assert.Equal((100, trim), (infos.Sum(info => info.TrimStart), infos.Sum(info => info.TrimEnd)));
        Assert.Equal(writer.Duration - 100 - trim, reader.Position);
    }, tests: 150);

    [Fact]
    public void Desc_and_packet_table_are_as_the_specification_has_them()
    {
        var bytes = new MemoryStream();
        using (var writer = new CafOpusWriter(bytes, Head, new OpusTags("v"), leaveOpen: true))
        {
            writer.WritePacket([0x48, 1, 2]);
            writer.WritePacket([0x48, .. new byte[200]]);
            writer.Finish(60);
        }

        byte[] expected =
        [
            .. "caff"u8, .. U16(1, 0),
            .. CafBytes.Chunk("desc", U64(BitConverter.DoubleToInt64Bits(48_000)), "opus"u8.ToArray(), U32(0, 0, 960, 1, 0)),
            .. CafBytes.Chunk("chan", U32(0x640001, 0, 0)),
            .. CafBytes.Chunk("info", U32(1), "encoding application\0v\0"u8.ToArray()),
            .. CafBytes.Chunk("data", U32(0), [0x48, 1, 2, 0x48, .. new byte[200]]),
            .. CafBytes.Chunk("pakt", U64(2, 1920 - 312 - 60), U32(312, 60), [3, 0x81, 0x49]),
        ];
        Assert.Equal(expected, bytes.ToArray());
    }

    [Fact]
    public void Table_comes_before_the_data_on_a_stream_that_cannot_seek()
    {
        var bytes = new MemoryStream();
        using var writer = new CafOpusWriter(new ForwardStream(bytes), Head, Tags);
        writer.WritePacket([0x48, 1]);
        Assert.Equal(0, bytes.Length);
        writer.Finish();
        var text = System.Text.Encoding.Latin1.GetString(bytes.ToArray());
        Assert.InRange(text.IndexOf("pakt", StringComparison.Ordinal), 1, text.IndexOf("data", StringComparison.Ordinal));
    }

    [Fact]
    public void What_CAF_cannot_hold_is_refused()
    {
        var stream = new MemoryStream();
        var withGain = new OpusHead(1, 312, 0, 256);
        Assert.Contains(
            "no output gain", Assert.Throws<ArgumentException>(() => new CafOpusWriter(stream, withGain, Tags)).Message);
        var surround = OpusHead.Parse([.. "OpusHead"u8, 1, 6, 56, 1, 0x80, 0xBB, 0, 0, 0, 0, 1, 4, 2, 0, 4, 1, 2, 3, 5]);
        Assert.Throws<ArgumentException>(() => new CafOpusWriter(stream, surround, Tags));
        Assert.Throws<ArgumentException>(() => new CafOpusWriter(new TrickleStream([], 1), Head, Tags));
        Assert.Throws<ArgumentNullException>(() => new CafOpusWriter(null!, Head, Tags));
        Assert.True(stream.CanWrite);
    }

    [Fact]
    public void Calls_out_of_order_are_refused()
    {
        var bytes = new MemoryStream();
        var writer = new CafOpusWriter(bytes, Head, Tags);
        Assert.Throws<InvalidOperationException>(() => writer.Finish());
        Assert.Throws<VoiceFormatException>(() => writer.WritePacket([]));
        Assert.Throws<VoiceFormatException>(() => writer.WritePacket(new byte[61_441]));
        writer.WritePacket([0x48, 1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Finish(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Finish(961));
        Assert.Throws<InvalidOperationException>(() => writer.Finish(700));
        writer.Finish(100);
        Assert.Equal(960, writer.Duration);
        Assert.Throws<InvalidOperationException>(() => writer.Finish());
        Assert.Throws<InvalidOperationException>(() => writer.WritePacket([0x48, 1]));
        writer.Dispose();
        Assert.False(bytes.CanWrite);
        Assert.Throws<ObjectDisposedException>(() => writer.WritePacket([0x48, 1]));
    }

    [Fact]
    public void Failed_write_is_thrown_again()
    {
        using var writer = new CafOpusWriter(new FailingStream(10), Head, Tags);
        writer.WritePacket([0x48, 1]);
        Assert.Throws<IOException>(() => writer.Finish());
        Assert.Throws<IOException>(() => writer.Finish());
    }

    [Fact]
    public void File_that_was_not_finished_is_refused_clearly()
    {
        var bytes = new MemoryStream();
        using (var writer = new CafOpusWriter(bytes, Head, Tags, leaveOpen: true))
            writer.WritePacket([0x48, 1]);
        bytes.Position = 0;
        Assert.Contains("not finished", Assert.Throws<VoiceFormatException>(() => CafOpusReader.Open(bytes)).Message);
    }

    [Fact]
    public void Writing_allocates_nothing_per_packet_but_the_growth_of_the_table()
    {
        using var writer = new CafOpusWriter(new MemoryStream(1 << 20), Head, Tags);
        byte[] packet = [0x48, .. new byte[60]];
        for (var i = 0; i < 1100; i++)
            writer.WritePacket(packet);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 900; i++)
            writer.WritePacket(packet);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Copy(IOpusPacketReader reader, Func<OpusHead, OpusTags, IOpusPacketWriter> open)
    {
        using (reader)
        {
            using var writer = open(reader.Head, reader.Tags);
            var trim = 0;
            while (reader.Read())
            {
                writer.WritePacket(reader.Packet);
                trim = reader.PacketInfo.TrimEnd;
            }

            writer.Finish(trim);
        }
    }

    private static string Upper(OpusComment comment) => $"{comment.Name.ToUpperInvariant()}={comment.Value}";

    private static Gen<Input> AnyInput()
    {
        var packet =
            from toc in Gen.Elements<byte>(0x40, 0x48, 0x48, 0x48, 0x50, 0x58, 0xF8)
            from size in Gen.Choose(0, 400)
            select (byte[])[toc, .. new byte[size]];
        return
            from packets in Gen.NonEmptyListOf(packet)
            from trim in Gen.Choose(0, 100)
            from canSeek in Gen.Elements(true, false)
            from before in Gen.Elements(0, 13)
            select new Input([.. packets], trim, canSeek, before);
    }

    private sealed class ForwardStream(Stream inner) : ForwardOnlyStream
    {
        public override bool CanWrite => true;

        public override void Write(ReadOnlySpan<byte> buffer) => inner.Write(buffer);
    }
}
