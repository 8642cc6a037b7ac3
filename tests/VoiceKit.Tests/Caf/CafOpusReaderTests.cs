using System.Text;
using VoiceKit.Caf;
using VoiceKit.Containers;
using VoiceKit.Opus;
using static VoiceKit.Tests.Mp4.Mp4Bytes;

namespace VoiceKit.Tests.Caf;

public class CafOpusReaderTests
{
    private const int D = CafBytes.D;

    [Theory]
    [InlineData("desc chan data pakt", false)]
    [InlineData("desc pakt data", true)]
    [InlineData("desc free kuki pakt xyzw data strg", false)]
    [InlineData("desc pakt chan data", false)]
    public void Every_order_of_chunks_gives_the_same_packets(string order, bool toTheEnd)
    {
        var file = new CafBytes { Order = order, DataToTheEnd = toTheEnd };
        foreach (var stream in new Stream[] { new MemoryStream(file.ToArray()), new TrickleStream(file.ToArray(), 11) })
        {
            using var reader = CafOpusReader.Open(stream, new OpusReaderOptions { Strict = true });
            var (packets, infos) = ReadAll(reader);
            Assert.Equal(file.Packets, packets);
            Assert.Equal(OpusContainer.Caf, reader.Container);
            Assert.Equal((1, 312, 48_000), (reader.Head.Channels, reader.Head.PreSkip, reader.Head.InputSampleRate));
            Assert.Equal(new OpusPacketInfo(0, D, 312, 0, 0), infos[0]);
            Assert.Equal(new OpusPacketInfo(9 * D - 312, D, 0, 100, 0), infos[^1]);
            Assert.Equal(10 * D - 412, reader.Position);
            Assert.True(reader.Packet.IsEmpty);
        }
    }

    [Fact]
    public void Chunks_before_desc_are_a_defect()
    {
        using var reader = new CafBytes { Order = "free pakt data desc" }.Open();
        Assert.Equal(10, ReadAll(reader).Packets.Length);
        Assert.Equal(OpusDefectKind.BadStructure, Assert.Single(reader.Defects).Kind);
    }

    [Fact]
    public void Packets_of_one_size_need_no_table()
    {
        byte[][] packets = [.. Enumerable.Range(0, 6).Select(i => new byte[] { 0x48, (byte)i, 7 })];
        using var reader = new CafBytes { Packets = packets, BytesPerPacket = 3, Order = "desc data" }.Open(strict: true);
        Assert.Equal(packets, ReadAll(reader).Packets);
        Assert.Equal(6 * D, reader.Position);
    }

    [Fact]
    public void Packets_of_one_size_are_trimmed_by_a_table_without_entries()
    {
        // The specification has mNumberPackets 0 there.
        byte[][] packets = [.. Enumerable.Range(0, 6).Select(i => new byte[] { 0x48, (byte)i, 7 })];
        using var reader = new CafBytes { Packets = packets, BytesPerPacket = 3, Count = 0 }.Open(strict: true);
        Assert.Equal(6 * D - 412, ReadAll(reader).Infos.Sum(info => info.Playable));
    }

    [Fact]
    public void Packets_of_other_durations_have_them_in_the_table()
    {
        byte[][] packets = [[0x48, 1, 2], [0x49, 1, 2], [0x40, 5], [0x48, 3]];
        using var reader = new CafBytes
        {
            Packets = packets,
            FramesPerPacket = 0,
            Frames = [960, 1920, 480, 960],
        }.Open(strict: true);
        var (read, infos) = ReadAll(reader);
        Assert.Equal(packets, read);
        Assert.Equal([960, 1920, 480, 960], infos.Select(info => info.Duration));
    }

    [Theory]
    [InlineData(16_000, 320, 104, 40)]
    [InlineData(24_000, 480, 156, 60)]
    [InlineData(8000, 160, 52, 20)]
    [InlineData(48_000, 960, 312, 120)]
    [InlineData(16_000, 960, 312, 120)] // Counts at 48 kHz in a file of 16 kHz.
    public void Frames_count_at_the_rate_of_the_file_or_where_it_shows_at_48_kHz(int rate, int frames, int priming, int remainder)
    {
        using var reader = new CafBytes
        {
            Rate = rate,
            FramesPerPacket = frames,
            Priming = priming,
            Remainder = remainder,
        }.Open(strict: true);
        var infos = ReadAll(reader).Infos;
        Assert.Equal((312, 120), (infos[0].TrimStart, infos[^1].TrimEnd));
        Assert.Equal(rate, reader.Head.InputSampleRate);
        Assert.Equal(312, reader.Head.PreSkip);
    }

    [Fact]
    public void Priming_and_remainder_may_be_longer_than_a_packet()
    {
        using var reader = new CafBytes { Priming = 2000, Remainder = 1500 }.Open(strict: true);
        var infos = ReadAll(reader).Infos;
        Assert.Equal([960, 960, 80, 0], infos[..4].Select(info => info.TrimStart));
        Assert.Equal([0, 540, 960], infos[^3..].Select(info => info.TrimEnd));
        Assert.Equal(10 * D - 3500, reader.Position);
    }

    [Fact]
    public void Wrong_duration_in_desc_is_listed_once_and_does_not_matter()
    {
        // 964 is what ffmpeg 5.1 comes to by dividing the stream's length by one packet less than there is.
        using var reader = new CafBytes { FramesPerPacket = 964, Remainder = 0, Priming = 0 }.Open();
        Assert.Equal(10 * D, ReadAll(reader).Infos.Sum(info => info.Playable));
        Assert.Equal(OpusDefectKind.BadTimestamp, Assert.Single(reader.Defects).Kind);
    }

    public static TheoryData<string, string> Refusals => new()
    {
        { "no table", "no packet table" },
        { "empty table", "no packet table" },
        { "no data", "no data chunk" },
        { "no desc", "no desc chunk" },
        { "aac ", "aac (AAC)" },
        { "lpcm", "PCM" },
        { "six channels", "6 channels" },
        { "ogg", "an Ogg file" },
        { "empty", "empty" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_cannot_be_read_is_named(string what, string message)
    {
        var plain = new CafBytes();
        var bytes = what switch
        {
            "no table" => (plain with { Order = "desc data", DataToTheEnd = true }).ToArray(),
            "empty table" => (plain with { Packets = [], Count = 0, Valid = 0 }).ToArray(),
            "no data" => (plain with { Order = "desc pakt" }).ToArray(),
            "no desc" => (plain with { Order = "pakt data" }).ToArray(),
            "six channels" => (plain with { Channels = 6 }).ToArray(),
            "ogg" => "OggS\0\u0002\0\0\0\0\0\0\0\0"u8.ToArray(),
            "empty" => [],
            _ => (plain with { Format = what }).ToArray(),
        };
        var stream = new MemoryStream(bytes);
        Assert.Contains(message, Assert.Throws<VoiceFormatException>(() => CafOpusReader.Open(stream)).Message);
        Assert.False(stream.CanRead);
        var kept = new MemoryStream(bytes);
        Assert.Throws<VoiceFormatException>(() => CafOpusReader.Open(kept, leaveOpen: true));
        Assert.True(kept.CanRead);
    }

    [Fact]
    public void Valid_frames_of_0_keep_no_packet_from_being_read()
    {
        using var reader = new CafBytes { Valid = 0, Priming = 0, Remainder = 0 }.Open(strict: true);
        Assert.Equal(10 * D, ReadAll(reader).Infos.Sum(info => info.Playable));
    }

    [Fact]
    public void Texts_become_tags()
    {
        var texts = "encoding application\0me\0title\0Tïtle\0comments\0C\0year\02024\0encoder\0other\0x\0\0";
        byte[] information = [.. U32(6), .. Encoding.UTF8.GetBytes(texts)];
        using var reader = new CafBytes { Order = "desc info data pakt", Information = information }.Open(strict: true);
        Assert.Equal("me", reader.Tags.Vendor);
        Assert.Equal("TITLE=Tïtle COMMENT=C DATE=2024 X= ENCODER=other", string.Join(' ', reader.Tags.Comments));
    }

    [Fact]
    public void Broken_texts_are_read_as_far_as_they_go()
    {
        byte[] information = [.. U32(uint.MaxValue), .. "title\0x\0artist\0y"u8];
        using var reader = new CafBytes { Order = "desc info data pakt", Information = information }.Open();
        Assert.Equal("TITLE=x", Assert.Single(reader.Tags.Comments).ToString());
        Assert.Equal(OpusDefectKind.BadTags, Assert.Single(reader.Defects).Kind);
    }

    [Fact]
    public void Table_that_ends_early_gives_its_packets_untrimmed_at_the_end()
    {
        using var reader = new CafBytes { Count = long.MaxValue }.Open();
        var infos = ReadAll(reader).Infos;
        Assert.Equal(10 * D - 312, infos.Sum(info => info.Playable));
        Assert.Equal(OpusDefectKind.Truncated, Assert.Single(reader.Defects).Kind);
        Assert.Throws<VoiceFormatException>(() => ReadAll(new CafBytes { Count = 11 }.Open(strict: true)));
    }

    [Fact]
    public void Malformed_packets_are_passed_over_and_listed()
    {
        var file = new CafBytes { Packets = [[0x48, 1], [], [0x4B, 0], [0x48, 9]], Remainder = 0 };
        using var reader = file.Open();
        Assert.Equal([file.Packets[0], file.Packets[3]], ReadAll(reader).Packets);
        Assert.Equal(2, reader.DefectCount);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(0)]
    [InlineData(-48_000)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e-300)]
    public void Rate_that_cannot_be_is_replaced(double rate)
    {
        using var reader = new CafBytes { Rate = rate }.Open();
        Assert.Equal(10 * D - 412, ReadAll(reader).Infos.Sum(info => info.Playable));
        Assert.Equal(OpusDefectKind.BadHead, Assert.Single(reader.Defects).Kind);
    }

    [Fact]
    public void Reading_allocates_nothing_per_packet()
    {
        using var reader = new CafBytes { Packets = MakePackets(20_000) }.Open();
        for (var i = 0; i < 15_000; i++)
            reader.Read();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var count = 0;
        while (reader.Read())
            count++;
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(5000, count);
    }

    [Fact]
    public void Malformed_packets_take_no_memory_once_the_list_of_defects_is_full()
    {
        using var reader = new CafBytes
        {
            Packets = [.. MakePackets(1), .. Enumerable.Repeat(Array.Empty<byte>(), 50_000)],
            Remainder = 0,
        }.Open();
        Assert.True(reader.Read());
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(reader.Read());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 400_000);
        Assert.Equal(50_000, reader.DefectCount);
    }

    [Fact]
    public void Disposed_reader_refuses()
    {
        var stream = new MemoryStream(new CafBytes().ToArray());
        var reader = CafOpusReader.Open(stream);
        reader.Dispose();
        reader.Dispose();
        Assert.False(stream.CanRead);
        Assert.Throws<ObjectDisposedException>(() => reader.Read());
    }
}
