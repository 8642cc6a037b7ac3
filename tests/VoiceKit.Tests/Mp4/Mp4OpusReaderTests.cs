using VoiceKit.Containers;
using VoiceKit.Mp4;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;
using static VoiceKit.Tests.Mp4.Mp4Bytes;

namespace VoiceKit.Tests.Mp4;

public class Mp4OpusReaderTests
{
    public static TheoryData<string> Layouts =>
    [
        "plain", "moov last", "64-bit data", "data to the end", "co64", "stz2 4", "stz2 8", "stz2 16", "chunks", "one a chunk",
        "junk before",
    ];

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Every_layout_of_tables_gives_the_same_packets(string layout)
    {
        var plain = new Mp4Bytes();
        var file = layout switch
        {
            "moov last" => plain with { MoovLast = true },
            "64-bit data" => plain with { DataSizeKind = 64, MoovLast = true },
            "data to the end" => plain with { DataSizeKind = 0 },
            "co64" => plain with { LongOffsets = true },
            "stz2 4" => plain with { CompactBits = 4 },
            "stz2 8" => plain with { CompactBits = 8 },
            "stz2 16" => plain with { CompactBits = 16 },
            "chunks" => plain with { PerChunk = 4 },
            "one a chunk" => plain with { PerChunk = 1 },
            "junk before" => plain with { Before = Box("free", new byte[100_000]) },
            _ => plain,
        };
        var bytes = file.ToArray();
        foreach (var stream in new Stream[] { new MemoryStream(bytes), new TrickleStream(bytes, 7), Behind(bytes) })
        {
            using var reader = Mp4OpusReader.Open(stream, new OpusReaderOptions { Strict = true });
            var (packets, infos) = ReadAll(reader);
            Assert.Equal(plain.Packets, packets);
            Assert.Equal(OpusContainer.Mp4, reader.Container);
            Assert.Equal((1, 312, 48_000), (reader.Head.Channels, reader.Head.PreSkip, reader.Head.InputSampleRate));
            Assert.Equal(new OpusPacketInfo(0, D, 312, 0, 0), infos[0]);
            Assert.Equal(new OpusPacketInfo(D - 312, D, 0, 0, 0), infos[1]);
            Assert.Equal(10 * D - 312, reader.Position);
            Assert.True(reader.Packet.IsEmpty);
        }
    }

    [Fact]
    public void Samples_of_one_size_need_no_sizes()
    {
        var file = new Mp4Bytes
        {
            Packets = [.. Enumerable.Range(0, 5).Select(i => new byte[] { 0x48, (byte)i })],
            ConstantSize = true,
        };
        using var reader = file.Open(strict: true);
        Assert.Equal(file.Packets, ReadAll(reader).Packets);
    }

    public static TheoryData<string, long, long> Edits => new()
    {
        // name, dropped at the start, end on the packets' time line
        { "none", 312, 9600 },
        { "v0", 400, 400 + 5000 },
        { "v1", 400, 400 + 5000 },
        { "empty first", 400, 400 + 5000 },
        { "whole", 400, 9600 },
        { "from 0", 312, 9600 },
        { "far in", 2000, 9600 },
        { "past the end", 400, 9600 },
        { "two in a row", 400, 400 + 5000 },
        { "on a packet's end", 400, 4 * D },
    };

    [Theory]
    [MemberData(nameof(Edits))]
    public void Edit_list_says_what_is_played(string name, long start, long end)
    {
        using var reader = new Mp4Bytes
        {
            Edits = name switch
            {
                "none" => null,
                "v1" => ElstLong((5000, 400)),
                "empty first" => Elst((700, -1), (5000, 400)),
                "whole" => Elst((0, 400)),
                "from 0" => Elst((9600, 0)),
                "far in" => Elst((7600, 2000)),
                "past the end" => ElstLong((1L << 60, 400)),
                "two in a row" => Elst((2000, 400), (3000, 2400)),
                "on a packet's end" => Elst((4 * D - 400, 400)),
                _ => Elst((5000, 400)),
            },
        }.Open(strict: true);
        var infos = ReadAll(reader).Infos;
        Assert.Equal(start, infos.Sum(info => info.TrimStart));
        Assert.Equal(end - start, infos.Sum(info => info.Playable));
        Assert.Equal(end - start, reader.Position);
        Assert.Equal(start, reader.Head.PreSkip);
        Assert.InRange(infos[^1].TrimEnd, 0, D - 1);
        Assert.All(infos[..^1], info => Assert.Equal(0, info.TrimEnd));
    }

    [Fact]
    public void What_edits_leave_out_between_them_is_not_heard()
    {
        using var reader = new Mp4Bytes { Edits = Elst((1000, 400), (2000, 5000)) }.Open();
        Assert.Equal(3000, ReadAll(reader).Infos.Sum(info => info.Playable));
        Assert.Empty(reader.Defects);
    }

    [Theory]
    [InlineData(0x1_0000, 1000)]
    [InlineData(0x2_0000, 2000)]
    [InlineData(0x8000, 500)]
    [InlineData(-0x1_0000, 1000)]
    public void What_is_played_faster_or_slower_is_all_heard(int rate, int heard)
    {
        using var reader = new Mp4Bytes { Edits = ElstAt((1000, 400, rate)) }.Open();
        Assert.Equal(heard, ReadAll(reader).Infos.Sum(info => info.Playable));
        Assert.Empty(reader.Defects);
    }

    [Fact]
    public void An_edit_that_holds_a_sample_has_no_sound()
    {
        var edits = ElstAt((500, 4000, 0), (1000, 400, 0x1_0000), (500, 7000, 0), (800, 3000, 0x1_0000));
        using var reader = new Mp4Bytes { Edits = edits }.Open();
        Assert.Equal(1800, ReadAll(reader).Infos.Sum(info => info.Playable));
        Assert.Equal(400, reader.Head.PreSkip);
        Assert.Empty(reader.Defects);
    }

    [Theory]
    [InlineData(9600)]
    [InlineData(2_000_000)]
    public void An_edit_list_behind_the_end_is_listed_and_not_believed(int start)
    {
        using var reader = new Mp4Bytes { Edits = Elst((1000, start)) }.Open();
        Assert.Equal(9600 - 312, ReadAll(reader).Infos.Sum(info => info.Playable));
        Assert.Equal(OpusDefectKind.BadStructure, Assert.Single(reader.Defects).Kind);
    }

    [Fact]
    public void Edits_that_go_back_are_listed_and_played_once()
    {
        using var reader = new Mp4Bytes { Edits = Elst((5000, 400), (2000, 1000)) }.Open();
        Assert.Equal(5000, ReadAll(reader).Infos.Sum(info => info.Playable));
        Assert.Equal(OpusDefectKind.BadStructure, Assert.Single(reader.Defects).Kind);
    }

    [Theory]
    [InlineData(191)] // 9168 samples: 24 fewer than there are
    [InlineData(192)]
    public void Edit_that_ends_within_a_tick_of_the_movie_ends_where_the_samples_do(int milliseconds)
    {
        // 312 + 9192 = 9504 samples: the last one lasts 864.
        using var reader = new Mp4Bytes
        {
            MovieTimescale = 1000,
            Edits = Elst((milliseconds, 312)),
            Deltas = [.. Enumerable.Repeat(960u, 9), 864],
        }.Open(strict: true);
        Assert.Equal(9192, ReadAll(reader).Infos.Sum(info => info.Playable));
    }

    [Fact]
    public void Edit_that_ends_further_off_ends_there()
    {
        using var reader = new Mp4Bytes { MovieTimescale = 1000, Edits = Elst((189, 312)) }.Open(strict: true);
        Assert.Equal(189 * 48, ReadAll(reader).Infos.Sum(info => info.Playable));
    }

    [Fact]
    public void Last_sample_shorter_than_its_packet_trims_it()
    {
        using var reader = new Mp4Bytes { Deltas = [.. Enumerable.Repeat(960u, 9), 552] }.Open(strict: true);
        Assert.Equal(new OpusPacketInfo(9 * D - 312, D, 0, 408, 0), ReadAll(reader).Infos[^1]);
    }

    [Fact]
    public void Last_sample_of_a_jittery_recording_trims_nothing()
    {
        // As Chromium's MediaRecorder writes: times of a clock, and a made-up duration for the last sample.
        uint[] deltas = [936, 988, 955, 970, 951, 960, 940, 975, 960, 400];
        using var reader = new Mp4Bytes { Deltas = deltas, Specific = DOps(3840) }.Open(strict: true);
        Assert.Equal(10 * D - 3840, ReadAll(reader).Infos.Sum(info => info.Playable));
        Assert.Equal(0, reader.GapSamples);
    }

    [Fact]
    public void First_sample_without_its_priming_moves_the_end()
    {
        // As GStreamer writes: the times leave out the pre-skip.
        using var reader = new Mp4Bytes
        {
            Deltas = [960 - 312, .. Enumerable.Repeat(960u, 8), 552],
            Edits = Elst((9 * 960 - 312 + 552, 0)),
        }.Open(strict: true);
        var infos = ReadAll(reader).Infos;
        Assert.Equal(312, infos[0].TrimStart);
        Assert.Equal(408, infos[^1].TrimEnd);
        Assert.Equal(9 * 960 - 312 + 552, reader.Position);
    }

    [Theory]
    [InlineData(1000u, 20u)]
    [InlineData(44_100u, 882u)]
    [InlineData(16_000u, 320u)]
    [InlineData(90_000u, 1800u)]
    public void Timescale_is_converted(uint timescale, uint delta)
    {
        using var reader = new Mp4Bytes
        {
            Timescale = timescale,
            Deltas = [.. Enumerable.Repeat(delta, 9), delta / 2],
            Edits = Elst((0, timescale / 100)),
        }.Open(strict: true);
        var infos = ReadAll(reader).Infos;
        Assert.Equal(480, infos[0].TrimStart);
        Assert.Equal(480, infos[^1].TrimEnd);
    }

    [Fact]
    public void Gaps_are_listed_and_counted_and_not_concealed()
    {
        using var reader = new Mp4Bytes { Deltas = [960, 960 + 48_000, 960, 960, 5760, 960, 960, 960, 960, 960] }.Open();
        var infos = ReadAll(reader).Infos;
        Assert.Equal(48_000 + 4800, reader.GapSamples);
        Assert.Equal(10 * D - 312, reader.Position);
        Assert.All(infos, info => Assert.Equal(0, info.LostBefore));
        Assert.Equal([OpusDefectKind.BadTimestamp, OpusDefectKind.BadTimestamp], reader.Defects.Select(defect => defect.Kind));
    }

    [Fact]
    public void First_Opus_track_among_others_is_read()
    {
        using var reader = new Mp4Bytes
        {
            OtherTracks = [.. Track(5, "vide", Box("avc1", new byte[78])), .. Track(7, "soun", SampleEntry([], "mp4a"))],
        }.Open(strict: true);
        Assert.Equal(10, ReadAll(reader).Packets.Length);
    }

    public static TheoryData<string, string> Refusals => new()
    {
        { "mp4a", "mp4a (AAC)" },
        { "enca", "encrypted" },
        { "xyzw", "xyzw" },
        { "video", "no audio track" },
        { "no moov", "no moov box" },
        { "fragments only", "its beginning is missing" }, { "ogg", "an Ogg file" }, { "empty", "empty" }, { "text", "not MP4" },
        { "six channels in family 0", "family 0" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_cannot_be_read_is_named(string what, string message)
    {
        var bytes = what switch
        {
            "video" => [.. FileType, .. Moov(1000, Track(1, "vide", Box("avc1", new byte[78])))],
            "no moov" => [.. FileType, .. Box("mdat", new byte[500])],
            "fragments only" => [.. Box("styp", new byte[8]), .. Box("moof", []), .. Box("mdat", [])],
            "ogg" => "OggS\0\u0002\0\0\0\0\0\0\0\0"u8.ToArray(),
            "empty" => [],
            "text" => "Hello, is this audio?"u8.ToArray(),
            "six channels in family 0" => new Mp4Bytes { Specific = DOps(312, channels: 6) }.ToArray(),
            _ => new Mp4Bytes { Entry = SampleEntry([], what) }.ToArray(),
        };
        var stream = new MemoryStream(bytes);
        Assert.Contains(message, Assert.Throws<VoiceFormatException>(() => Mp4OpusReader.Open(stream)).Message);
        Assert.False(stream.CanRead);
        var kept = new MemoryStream(bytes);
        Assert.Throws<VoiceFormatException>(() => Mp4OpusReader.Open(kept, leaveOpen: true));
        Assert.True(kept.CanRead);
    }

    [Fact]
    public void Surround_and_gain_are_read_from_dOps()
    {
        var specific = Box("dOps", [0, 6], U16(312), U32(44_100), U16((ushort)0xFE80), [1, 4, 2], [0, 4, 1, 2, 3, 5]);
        using var reader = new Mp4Bytes { Specific = specific }.Open(strict: true);
        var head = reader.Head;
        Assert.Equal((6, 1, 4, 2), (head.Channels, head.MappingFamily, head.StreamCount, head.CoupledStreamCount));
        Assert.Equal([0, 4, 1, 2, 3, 5], head.Mapping.ToArray());
        Assert.Equal(-384, head.OutputGain);
        Assert.Equal(44_100, head.InputSampleRate);
    }

    [Fact]
    public void A_fault_of_dOps_stands_where_its_bytes_are()
    {
        var file = new Mp4Bytes { Specific = DOps(312, channels: 0) }.ToArray();
        var exception = Assert.Throws<VoiceFormatException>(() => Mp4OpusReader.Open(new MemoryStream(file)));
        Assert.Equal(file.AsSpan().IndexOf("dOps"u8) + 4 + 1, exception.Offset);
    }

    [Fact]
    public void Little_endian_dOps_is_read_with_a_defect()
    {
        var specific = Box("dOps", [0, 1, 0x38, 1, 0x80, 0xBB, 0, 0, 0, 0, 0]);
        using var reader = new Mp4Bytes { Specific = specific }.Open();
        Assert.Equal((312, 48_000), (reader.Head.PreSkip, reader.Head.InputSampleRate));
        Assert.Equal(OpusDefectKind.BadHead, Assert.Single(reader.Defects).Kind);
        Assert.Throws<VoiceFormatException>(() => new Mp4Bytes { Specific = specific }.Open(strict: true));
    }

    [Fact]
    public void Missing_dOps_is_made_up_for()
    {
        using var reader = new Mp4Bytes { Specific = [], Edits = Elst((0, 312)) }.Open();
        Assert.Equal((1, 312), (reader.Head.Channels, reader.Head.PreSkip));
        Assert.Equal(OpusDefectKind.BadHead, Assert.Single(reader.Defects).Kind);
        Assert.Equal(10, ReadAll(reader).Packets.Length);
    }

    [Theory]
    [InlineData(1, 16, false)]
    [InlineData(2, 36, false)]
    [InlineData(1, 16, true)]
    public void QuickTime_sound_descriptions_are_read(int version, int more, bool inWave)
    {
        var specific = inWave ? Box("wave", DOps(500)) : DOps(500);
        using var reader = new Mp4Bytes { Entry = SampleEntry(specific, "Opus", version, new byte[more]) }.Open(strict: true);
        Assert.Equal(500, reader.Head.PreSkip);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Texts_become_tags(bool isITunes)
    {
        byte[] Item(string name, string text)
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(text);
            return isITunes ? Box(name, Box("data", U32(1, 0), bytes)) : Box(name, U16(bytes.Length, 0), bytes);
        }

        byte[] items =
        [
            .. Item("©nam", "Tïtle"),
            .. Item("©ART", "A"),
            .. Item("©day", "2024"),
            .. Item("©cmt", "C"),
            .. Item("©too", "Lavf"),
            .. Item("©alb", "B"), .. Item("covr", "no text"),
        ];
        var userData = isITunes
            ? Box("udta", Full("meta", 0, 0, Full("hdlr", 0, 0, new byte[21]), Box("ilst", items)))
            : Box("udta", items, U32(0));
        using var reader = new Mp4Bytes { UserData = userData }.Open(strict: true);
        Assert.Equal("Lavf", reader.Tags.Vendor);
        Assert.Equal("TITLE=Tïtle ARTIST=A DATE=2024 COMMENT=C ALBUM=B", string.Join(' ', reader.Tags.Comments));
    }

    [Fact]
    public void Too_long_a_text_is_passed_over()
    {
        var item = Box("©nam", Box("data", U32(1, 0), new byte[200_000]));
        var userData = Box("udta", Box("meta", Full("hdlr", 0, 0, new byte[21]), Box("ilst", item)));
        using var reader = new Mp4Bytes { UserData = userData }.Open();
        Assert.Equal(OpusDefectKind.BadTags, Assert.Single(reader.Defects).Kind);
        Assert.Equal(10, ReadAll(reader).Packets.Length);
    }

    [Fact]
    public void Counts_and_offsets_that_cannot_be_are_bounded()
    {
        byte[] Claim(byte[] tables, string type, int at, uint value)
        {
            tables = [.. tables];
            U32(value).CopyTo(tables, tables.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(type)) + 4 + at);
            return tables;
        }

        var claims = new (string Type, int At, uint Value, int Packets)[]
        {
            ("stts", 4, uint.MaxValue, 10),
            ("stsc", 4, uint.MaxValue, 10),
            ("stsz", 8, uint.MaxValue, 10),
            ("stco", 4, uint.MaxValue, 10),
            ("stsz", 12, 100_000_000, 0), ("stco", 8, uint.MaxValue, 0), ("stsc", 12, uint.MaxValue, 10),
        };
        foreach (var (type, at, value, expected) in claims)
        {
            using var reader = new Mp4Bytes { ChangeTable = tables => Claim(tables, type, at, value) }.Open();
            Assert.True(expected == ReadAll(reader).Packets.Length, $"{type} {at}");
            Assert.True(reader.DefectCount > 0 || (type == "stsc" && at == 12), $"{type} {at}");
        }
    }

    [Fact]
    public void Samples_that_share_their_bytes_come_to_an_end()
    {
        // 2³² − 1 samples of one byte in each of many chunks at the same place.
        byte[] tables =
        [
            .. Full("stts", 0, 0, U32(1, uint.MaxValue, 960)), .. Full("stsc", 0, 0, U32(1, 1, uint.MaxValue, 1)),
            .. Full("stsz", 0, 0, U32(1, uint.MaxValue)), .. Full("stco", 0, 0, U32(200), U32([.. Enumerable.Repeat(40L, 200)])),
        ];
        var file = new Mp4Bytes { ChangeTable = _ => tables };
        using var reader = file.Open();
        ReadAll(reader);
        Assert.Contains(reader.Defects, defect => defect.Message.Contains("more bytes than the input has"));
        Assert.InRange(reader.DefectCount, 1, file.ToArray().Length + 10);
    }

    [Fact]
    public void Samples_behind_the_end_are_listed_at_the_end()
    {
        byte[] tables =
        [
            .. Full("stts", 0, 0, U32(1, 100, 960)), .. Full("stsc", 0, 0, U32(1, 1, 100, 1)),
            .. Full("stsz", 0, 0, U32(90, 100)), .. Full("stco", 0, 0, U32(1, 100)),
        ];
        var file = new Mp4Bytes { ChangeTable = _ => tables };
        using var reader = file.Open();
        ReadAll(reader);
        Assert.Contains(reader.Defects, defect => defect.Message.Contains("more bytes than the input has"));
        Assert.All(reader.Defects, defect => Assert.InRange(defect.Offset, 0, file.ToArray().Length));
    }

    [Fact]
    public void Looking_for_the_track_reads_no_part_again_and_again()
    {
        // Whether a track is audio is told behind a thousand boxes, and it has a thousand entries.
        byte[] boxes = [.. Enumerable.Repeat(Box("free"), 1000).SelectMany(box => box)];
        byte[] entries = [.. Enumerable.Repeat(Box("none"), 1000).SelectMany(box => box)];
        var track = Box("trak", Box("mdia", boxes, Box("minf", Box("stbl", Full("stsd", 0, 0, U32(1000), entries)))));
        var file = new Mp4Bytes { OtherTracks = track }.ToArray();
        var stream = new CountingStream(file);
        using var reader = Mp4OpusReader.Open(stream);
        Assert.Equal(10, ReadAll(reader).Packets.Length);
        Assert.InRange(stream.BytesRead, file.Length, 10 * file.Length);
    }

    [Fact]
    public void Malformed_packets_are_passed_over_and_listed()
    {
        var file = new Mp4Bytes { Packets = [[0x48, 1], [], [0x49, 1, 2], [0x4B, 0], [0x48, 9]] };
        using var reader = file.Open();
        Assert.Equal([file.Packets[0], file.Packets[2], file.Packets[4]], ReadAll(reader).Packets);
        Assert.Equal(2, reader.Defects.Count(defect => defect.Kind == OpusDefectKind.MalformedPacket));
        Assert.Throws<VoiceFormatException>(() => ReadAll(file.Open(strict: true)));
    }

    [Fact]
    public void Reading_allocates_nothing_per_packet()
    {
        var file = new Mp4Bytes
        {
            Packets = [.. Enumerable.Range(0, 20_000).Select(i => new byte[] { 0x48, (byte)i, 1, 2, 3, 4, 5, 6 })],
        };
        using var reader = file.Open();
        for (var i = 0; i < 15_000; i++)
            reader.Read();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var sum = 0;
        for (var i = 0; i < 4999; i++)
            sum += reader.Read() ? reader.Packet.Length : 0;
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(4999 * 8, sum);
    }

    [Fact]
    public void Disposed_reader_refuses_and_closes_the_stream_unless_asked_to_leave_it()
    {
        var bytes = new Mp4Bytes().ToArray();
        var (closed, open) = (new MemoryStream(bytes), new MemoryStream(bytes));
        var reader = Mp4OpusReader.Open(closed);
        reader.Dispose();
        reader.Dispose();
        Assert.False(closed.CanRead);
        Assert.True(reader.Packet.IsEmpty);
        Assert.Throws<ObjectDisposedException>(() => reader.Read());
        Mp4OpusReader.Open(open, leaveOpen: true).Dispose();
        Assert.True(open.CanRead);
        Assert.Throws<ArgumentNullException>(() => Mp4OpusReader.Open(null!));
        Assert.Throws<ArgumentException>(() => Mp4OpusReader.Open(closed));
    }

    private static MemoryStream Behind(byte[] bytes)
    {
        var stream = new MemoryStream([1, 2, 3, .. bytes]);
        stream.Position = 3;
        return stream;
    }
}
