using VoiceKit.Containers;
using VoiceKit.IO;
using VoiceKit.Opus;
using VoiceKit.WebM;
using static VoiceKit.Tests.WebM.MatroskaBytes;

namespace VoiceKit.Tests.WebM;

/// <summary>Files built by hand: every form that RFC 9559 has for a packet, and every way to break one.</summary>
public class WebMOpusReaderTests
{
    // Zeros, which are no element, and the ID of a cluster in which nothing is.
    private static readonly byte[] FalseCluster = [0, 0, 0, 0, 0x1F, 0x43, 0xB6, 0x75, 0x80, 0x00];

    public static TheoryData<string> Lacings => ["none", "Xiph", "EBML", "fixed"];

    [Theory]
    [MemberData(nameof(Lacings))]
    public void Every_lacing_gives_its_frames(string lacing)
    {
        byte[][] packets = lacing == "none" ? [Packet(1, 600)]
            : lacing == "fixed" ? [Packet(1, 9), Packet(2, 9), Packet(3, 9)]
            : [Packet(1, 5), Packet(2, 600), Packet(3, 255), Packet(4, 7)];
        foreach (var id in new[] { EbmlId.SimpleBlock, EbmlId.Block })
        {
            var block = Laced(id, lacing, packets);
            var result = Read(File(Cluster(0, id == EbmlId.Block ? El(EbmlId.BlockGroup, block) : block)), strict: true);
            Assert.Equal(packets, result.Packets);
            Assert.Equal(PacketDuration * packets.Length - 312, result.Position);
        }
    }

    [Fact]
    public void Laces_that_do_not_fit_are_left_out_and_listed()
    {
        byte[][] broken =
        [
            BlockOf(EbmlId.SimpleBlock, 1, 0, 0x02, [1, 200, .. Packet(1)]), // Xiph: longer than the block.
            BlockOf(EbmlId.SimpleBlock, 1, 0, 0x02, [1, 255]), // Xiph: the size goes on behind the end.
            BlockOf(EbmlId.SimpleBlock, 1, 0, 0x04, [1, .. Packet(1, 5)]), // Fixed: odd.
            BlockOf(EbmlId.SimpleBlock, 1, 0, 0x06, [2, 0x85, 0x80, .. Packet(1, 5)]), // EBML: 5, then 5 − 63.
            BlockOf(EbmlId.SimpleBlock, 1, 0, 0x06, [1, 0x00]), // EBML: no number.
            BlockOf(EbmlId.SimpleBlock, 1, 0, 0x02), // No count.
        ];
        foreach (var block in broken)
        {
            var result = Read(File(Cluster(0, block, Simple(20, Packet(9)))));
            Assert.Equal([Packet(9)], result.Packets);
            Assert.Equal(OpusDefectKind.BadStructure, Assert.Single(result.Defects).Kind);
        }
    }

    [Fact]
    public void Unknown_sizes_end_where_the_next_element_cannot_be_a_child()
    {
        var data = LikeChrome(
            Open(EbmlId.Cluster, Number(EbmlId.Timestamp, 0), Simple(0, Packet(1)), Simple(21, Packet(2))),
            Open(EbmlId.Cluster, Number(EbmlId.Timestamp, 40), Simple(1, Packet(3))),
            El(EbmlId.Cues),
            El(EbmlId.Tags, El(EbmlId.Tag, El(EbmlId.SimpleTag, Text(EbmlId.TagName, "MOOD"), Text(EbmlId.TagString, "late")))));
        var result = Read(data, strict: true);
        Assert.Equal([Packet(1), Packet(2), Packet(3)], result.Packets);
        Assert.Equal([0L, 960, 1920], result.Infos.Select(info => info.Position));
        Assert.Equal("late", result.Tags.GetValue("mood"));
        Assert.Equal("Chrome", result.Tags.Vendor);
    }

    [Fact]
    public void Timestamps_that_start_late_jitter_or_go_by_another_scale_leave_the_time_line_at_zero_and_whole()
    {
        var scale = Number(EbmlId.TimestampScale, 100_000);
        byte[] data =
        [
            .. Ebml(),
            .. El(
                EbmlId.Segment,
                El(EbmlId.Info, scale),
                Tracks(OpusTrack()),
                Cluster(5_000_000, Simple(-30, Packet(1)), Simple(180, Packet(2)), Simple(365, Packet(3)))),
        ];
        var result = Read(data, strict: true);
        Assert.Equal([new(0, 960, 312, 0, 0), new(648, 960, 0, 0, 0), new OpusPacketInfo(1608, 960, 0, 0, 0)], result.Infos);
    }

    [Fact]
    public void Jumps_of_more_than_100_ms_are_listed_and_counted_but_not_concealed()
    {
        var data = File(Cluster(0, Simple(0, Packet(1)), Simple(119, Packet(2)), Simple(500, Packet(3)), Simple(10, Packet(4))));
        var result = Read(data);
        Assert.Equal(4, result.Packets.Count);
        Assert.Equal((500 - 119 - 20) * 48, result.GapSamples);
        Assert.Equal([OpusDefectKind.BadTimestamp, OpusDefectKind.BadTimestamp], result.Defects.Select(defect => defect.Kind));
        Assert.All(result.Infos, info => Assert.Equal(0, info.LostBefore));
        Assert.Equal(4 * 960 - 312, result.Position);
    }

    [Theory]
    [InlineData(8_500_000, 0, 408)]
    [InlineData(20_000_000, 0, 960)]
    [InlineData(-10_000_000, 480, 0)] // More than the pre-skip.
    [InlineData(-1_000_000, 312, 0)] // Within the pre-skip.
    public void DiscardPadding_trims_the_end_when_positive_and_the_start_when_negative(long padding, int start, int end)
    {
        var group = El(
            EbmlId.BlockGroup,
            Block(EbmlId.Block, 0, Packet(1)),
            Number(EbmlId.BlockDuration, 20),
            Number(EbmlId.DiscardPadding, padding));
        var track = start > 0 ? OpusHead() : OpusHead(0);
        byte[] data =
        [
            .. Ebml(),
            .. El(EbmlId.Segment, Tracks(Track(1, 2, "A_OPUS", El(EbmlId.CodecPrivate, track))), Cluster(0, group)),
        ];
        var result = Read(data, strict: true);
        Assert.Equal([new OpusPacketInfo(0, 960, start, end, 0)], result.Infos);
    }

    [Fact]
    public void DiscardPadding_of_a_laced_block_reaches_over_its_last_packets_and_never_further()
    {
        byte[][] packets = [Packet(1, 9), Packet(2, 9), Packet(3, 9)];
        byte[] Group(long padding) =>
            El(EbmlId.BlockGroup, Laced(EbmlId.Block, "fixed", packets), Number(EbmlId.DiscardPadding, padding));
        var result = Read(File(Cluster(0, Group(30_000_000))), strict: true);
        Assert.Equal([0, 480, 960], result.Infos.Select(info => info.TrimEnd));

        result = Read(File(Cluster(0, Simple(0, Packet(8)), Group(long.MaxValue))));
        Assert.Equal([0, 960, 960, 960], result.Infos.Select(info => info.TrimEnd));
        Assert.Equal(OpusDefectKind.BadTimestamp, Assert.Single(result.Defects).Kind);
    }

    [Fact]
    public void The_first_Opus_track_is_read_and_large_blocks_of_others_are_passed_over_without_being_kept()
    {
        var video = new byte[3_000_000];
        byte[] head =
        [
            .. Ebml(),
            .. Open(
                EbmlId.Segment,
                Tracks(
                    Track(1, 1, "V_VP8"),
                    Track(2, 2, "A_OPUS", El(EbmlId.CodecPrivate, OpusHead(100))),
                    Track(3, 2, "A_OPUS", El(EbmlId.CodecPrivate, OpusHead(200)))),
                Cluster(
                    0,
                    BlockOf(EbmlId.SimpleBlock, 1, 0, 0, video),
                    El(EbmlId.BlockGroup, BlockOf(EbmlId.Block, 1, 0, 0, video), Number(EbmlId.DiscardPadding, 5_000_000)),
                    BlockOf(EbmlId.SimpleBlock, 3, 0, 0, Packet(7)),
                    BlockOf(EbmlId.SimpleBlock, 2, 0, 0, Packet(1)))),
        ];
        Read(head, strict: true);
        using var stream = new TrickleStream(head, 50_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var result = Read(stream, strict: true);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
        Assert.Equal([Packet(1)], result.Packets);
        Assert.Equal(100, result.Head.PreSkip);
        Assert.Equal(960 - 100, result.Position);
    }

    [Fact]
    public void Elements_that_are_not_needed_are_passed_over_wherever_they_stand()
    {
        var junk = new byte[300_000];
        byte[] data =
        [
            .. El(
                EbmlId.Ebml,
                Number(EbmlId.EbmlMaxIdLength, 5),
                Text(EbmlId.DocType, "matroska\0"),
                El(EbmlId.Void, new byte[3])),
            .. El(
                EbmlId.Segment,
                El(EbmlId.Crc32, new byte[4]),
                El(EbmlId.SeekHead, El(EbmlId.Seek)),
                El(EbmlId.Void, junk),
                [0x08, 1, 2, 3, 4, 0x82, 0, 0], // An ID of five bytes, as the header allows.
                Info(),
                El(EbmlId.Attachments, junk),
                Tracks(El(EbmlId.Void, new byte[9]), OpusTrack()),
                El(EbmlId.Cues, junk),
                El(0x4DB1, new byte[5]), // Unknown.
                Cluster(
                    0,
                    El(EbmlId.Crc32, new byte[4]),
                    El(EbmlId.Position, [1]),
                    El(0x4DB1),
                    Simple(0, Packet(1)),
                    El(EbmlId.Void, junk)),
                El(EbmlId.Chapters, junk)),
        ];
        Assert.Equal([Packet(1)], Read(data, strict: true).Packets);
    }

    [Fact]
    public void Tags_and_title_become_comments()
    {
        static byte[] Simple(string name, string value) => El(
            EbmlId.SimpleTag,
            Text(EbmlId.TagName, name),
            Text(EbmlId.TagString, value),
            El(EbmlId.SimpleTag, Text(EbmlId.TagName, "SUB")));
        byte[] data =
        [
            .. Ebml(),
            .. El(
                EbmlId.Segment,
                Info(Text(EbmlId.WritingApp, "Writer 1.0\0\0"), Text(EbmlId.Title, "a title")),
                El(
                    EbmlId.Tags,
                    El(
                        EbmlId.Tag,
                        El(EbmlId.Targets),
                        Simple("ARTIST", "Ann"),
                        Simple("ÜBER", "no comment name"),
                        Simple("ARTIST", "Bob")),
                    El(EbmlId.Tag, Simple("MINE", "1"), Simple("BPS", "1"), El(EbmlId.Targets, Number(EbmlId.TagTrackUid, 101))),
                    El(EbmlId.Tag, El(EbmlId.Targets, Number(EbmlId.TagTrackUid, 102)), Simple("THEIRS", "1")),
                    El(EbmlId.Tag, El(EbmlId.Targets, Number(EbmlId.TagChapterUid, 5)), Simple("CHAPTER", "1"))),
                Tracks(OpusTrack()),
                Cluster(0)),
        ];
        var tags = Read(data, strict: true).Tags;
        Assert.Equal("Writer 1.0", tags.Vendor);
        string[] expected = ["TITLE=a title", "ARTIST=Ann", "ARTIST=Bob", "MINE=1"];
        Assert.Equal(expected, tags.Comments.Select(comment => comment.ToString()));
    }

    [Fact]
    public void Tags_beyond_the_limit_are_a_defect_and_the_audio_is_read()
    {
        var tag = El(EbmlId.Tag, El(EbmlId.SimpleTag, Text(EbmlId.TagName, "X"), Text(EbmlId.TagString, new string('x', 3000))));
        byte[] data =
            [.. Ebml(), .. El(EbmlId.Segment, Tracks(OpusTrack()), El(EbmlId.Tags, tag), Cluster(0, Simple(0, Packet(1))))];
        using var reader = WebMOpusReader.Open(new MemoryStream(data), new OpusReaderOptions { MaxTagsSize = 1024 });
        Assert.True(reader.Read());
        Assert.Equal(OpusDefectKind.OversizedPacket, Assert.Single(reader.Defects).Kind);
        Assert.Equal("", reader.Tags.GetValue("X"));
    }

    [Fact]
    public void Header_stripping_is_undone()
    {
        var encodings = El(
            EbmlId.ContentEncodings,
            El(
                EbmlId.ContentEncoding,
                El(EbmlId.ContentCompression, Number(EbmlId.ContentCompAlgo, 3), El(EbmlId.ContentCompSettings, [0x48, 0x01]))));
        byte[] data =
        [
            .. Ebml(),
            .. El(
                EbmlId.Segment,
                Tracks(OpusTrack(encodings)),
                Cluster(
                    0,
                    Simple(0, Packet(1)[2..]),
                    Laced(EbmlId.SimpleBlock, "Xiph", [Packet(1, 9)[2..], Packet(1, 700)[2..]]))),
        ];
        Assert.Equal([Packet(1), Packet(1, 9), Packet(1, 700)], Read(data, strict: true).Packets);
    }

    [Theory]
    [InlineData(0, 0, "zlib")]
    [InlineData(0, 1, "bzlib")]
    [InlineData(1, 3, "encrypted")]
    public void Other_encodings_are_refused_by_name(int type, int algorithm, string name)
    {
        var encodings = El(
            EbmlId.ContentEncodings,
            El(
                EbmlId.ContentEncoding,
                Number(EbmlId.ContentEncodingType, type),
                El(EbmlId.ContentCompression, Number(EbmlId.ContentCompAlgo, algorithm))));
        byte[] data = [.. Ebml(), .. El(EbmlId.Segment, Tracks(OpusTrack(encodings)), Cluster(0))];
        Assert.Contains(name, Assert.Throws<VoiceFormatException>(() => Read(data)).Message);
    }

    [Fact]
    public void Without_a_CodecPrivate_that_can_be_read_the_head_is_made_of_the_track()
    {
        var audio = El(EbmlId.Audio, Number(EbmlId.Channels, 2), El(EbmlId.SamplingFrequency, [0x46, 0x7A, 0, 0])); // 16 kHz
        foreach (var more in new[] { Array.Empty<byte>(), El(EbmlId.CodecPrivate, [1, 2, 3]) })
        {
            byte[] data =
            [
                .. Ebml(),
                .. El(
                    EbmlId.Segment,
                    Tracks(Track(1, 2, "A_OPUS", more, audio, Number(EbmlId.CodecDelay, 2_166_667))),
                    Cluster(0, Simple(0, Packet(1)))),
            ];
            var result = Read(data);
            Assert.Equal((2, 104, 16_000L), (result.Head.Channels, result.Head.PreSkip, result.Head.InputSampleRate));
            Assert.Equal(104, result.Infos[0].TrimStart);
            Assert.Equal(OpusDefectKind.BadHead, Assert.Single(result.Defects).Kind);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(6_500_000, 0)]
    [InlineData(6_520_000, 0)] // A sample more: rounding.
    [InlineData(13_000_000, 1)]
    public void Pre_skip_is_used_whatever_CodecDelay_says(long delay, int defects)
    {
        var tracks = Tracks(OpusTrack(Number(EbmlId.CodecDelay, delay)));
        byte[] data = [.. Ebml(), .. El(EbmlId.Segment, tracks, Cluster(0, Simple(0, Packet(1))))];
        var result = Read(data);
        Assert.Equal(312, result.Infos[0].TrimStart);
        Assert.Equal(defects, result.Defects.Count(defect => defect.Kind == OpusDefectKind.BadHead));
    }

    [Fact]
    public void What_holds_no_Opus_is_named()
    {
        byte[] vorbis = [.. Ebml(), .. El(EbmlId.Segment, Tracks(Track(1, 1, "V_VP9"), Track(2, 2, "A_VORBIS")), Cluster(0))];
        Assert.Contains("its video is V_VP9, its audio is A_VORBIS", Message(vorbis));
        Assert.Contains("no tracks", Message([.. Ebml(), .. El(EbmlId.Segment, Cluster(0))]));
        Assert.Contains("neither WebM nor Matroska", Message(El(EbmlId.Ebml, Text(EbmlId.DocType, "other"))));
        Assert.Contains("Ogg", Message("OggS and more"u8.ToArray()));
        Assert.Contains("empty", Message([]));
        Assert.Contains("no EBML header", Message(new byte[1_000_000]));

        using var endless = new EndlessStream();
        Assert.Throws<VoiceFormatException>(() => WebMOpusReader.Open(endless));
        Assert.InRange(endless.Given, 1, 1 << 20);
        static string Message(byte[] data) => Assert.Throws<VoiceFormatException>(() => Read(data)).Message;
    }

    [Fact]
    public void Behind_damage_the_next_cluster_is_found()
    {
        var broken = Cluster(20, Simple(0, Packet(2)), FalseCluster, Simple(20, Packet(3)));
        var result = Read(File(Cluster(0, Simple(0, Packet(1))), broken, Cluster(60, Simple(0, Packet(4)))));
        Assert.Equal([Packet(1), Packet(2), Packet(4)], result.Packets);
        Assert.Equal(OpusDefectKind.BadStructure, Assert.Single(result.Defects).Kind);
    }

    [Fact]
    public void Sizes_of_segments_and_clusters_that_are_wrong_lose_nothing()
    {
        byte[][] clusters = [Cluster(0, Simple(0, Packet(1))), Cluster(20, Simple(0, Packet(2)), Simple(20, Packet(3)))];
        var whole = File(clusters);
        var cluster = whole.AsSpan().IndexOf(clusters[0]);
        var segment = whole.AsSpan().IndexOf("\u0018S"u8);
        foreach (var (at, change) in new (int, Action<byte[]>)[]
        {
            (0, data => data[cluster + 4] += 5), // The first cluster reaches into the second.
            (1, data => data[cluster + 4] = 0x80), // It has no size at all.
            (2, data => data[segment + 7] -= 20), // The segment ends in the second.
        })
        {
            var data = whole.ToArray();
            change(data);
            var result = Read(data);
            Assert.Equal((at, 3), (at, result.Packets.Count));
            Assert.NotEmpty(result.Defects);
        }
    }

    [Fact]
    public void Junk_before_the_file_is_skipped_and_documents_behind_each_other_are_one()
    {
        var one = LikeChrome(Open(EbmlId.Cluster, Number(EbmlId.Timestamp, 0), Simple(0, Packet(1))));
        var two = LikeChrome(Open(EbmlId.Cluster, Number(EbmlId.Timestamp, 0), Simple(0, Packet(2)), Simple(20, Packet(3))));
        var result = Read([.. new byte[1000], .. one, .. two]);
        Assert.Equal([Packet(1), Packet(2), Packet(3)], result.Packets);
        Assert.Equal([OpusDefectKind.Junk, OpusDefectKind.BadStructure], result.Defects.Select(defect => defect.Kind));
        Assert.Equal([0L, 1000 + one.Length], result.Defects.Select(defect => defect.Offset));
    }

    [Fact]
    public void Malformed_and_empty_packets_are_skipped_and_listed()
    {
        var result = Read(File(Cluster(0, Simple(0, Packet(1)), Simple(20), Simple(40, 0x4B, 0), Simple(60, Packet(2)))));
        Assert.Equal([Packet(1), Packet(2)], result.Packets);
        Assert.Equal(2, result.Defects.Count);
        Assert.All(result.Defects, defect => Assert.Equal(OpusDefectKind.MalformedPacket, defect.Kind));
    }

    [Fact]
    public void Cut_off_at_any_byte_all_whole_packets_are_read()
    {
        var group = El(EbmlId.BlockGroup, Block(EbmlId.Block, 60, Packet(4)), Number(EbmlId.DiscardPadding, 1_000_000));
        foreach (var whole in new[]
        {
            File(
                Cluster(0, Simple(0, Packet(1)), Simple(20, Packet(2))),
                Cluster(40, Simple(0, Packet(3)), group),
                El(EbmlId.Cues, new byte[9])),
            LikeChrome(Open(EbmlId.Cluster, Number(EbmlId.Timestamp, 0), Simple(0, Packet(1)), group, Simple(80, Packet(2)))),
        })
        {
            var all = Read(whole, strict: true).Packets;
            var most = 0;
            for (var length = 0; length < whole.Length; length++)
            {
                try
                {
                    var result = Read(whole[..length]);
                    Assert.Equal(all.Take(result.Packets.Count), result.Packets);
                    Assert.InRange(result.Packets.Count, most, all.Count);
                    if (result.Packets.Count > 0)
                        Assert.All(result.Defects, defect => Assert.Equal(OpusDefectKind.Truncated, defect.Kind));
                    most = result.Packets.Count;
                }
                catch (VoiceFormatException)
                {
                    Assert.Equal(0, most);
                }
            }

            Assert.InRange(most, all.Count - 1, all.Count);
        }
    }

    [Fact]
    public async Task Reading_without_waiting_gives_the_same()
    {
        var data = File(Cluster(0, [.. Enumerable.Range(0, 100).Select(i => Simple(20 * i, Packet(i)))]));
        await using var reader = await WebMOpusReader.OpenAsync(new TrickleStream(data, 7));
        for (var i = 0; i < 100; i++)
        {
            Assert.True(await reader.ReadAsync());
            Assert.Equal(Packet(i), reader.Packet.ToArray());
        }

        Assert.False(await reader.ReadAsync());
        Assert.True(reader.Packet.IsEmpty);
    }

    [Fact]
    public void The_stream_is_closed_unless_it_is_to_be_left_open_even_when_opening_fails()
    {
        foreach (var leaveOpen in new[] { false, true })
        {
            var good = new MemoryStream(File(Cluster(0)));
            WebMOpusReader.Open(good, leaveOpen: leaveOpen).Dispose();
            Assert.Equal(leaveOpen, good.CanRead);
            var bad = new MemoryStream([1, 2, 3]);
            Assert.Throws<VoiceFormatException>(() => WebMOpusReader.Open(bad, leaveOpen: leaveOpen));
            Assert.Equal(leaveOpen, bad.CanRead);
        }

        var reader = WebMOpusReader.Open(new MemoryStream(File(Cluster(0))));
        reader.Dispose();
        Assert.Throws<ObjectDisposedException>(() => reader.Read());
    }

    [Fact]
    public void Reading_allocates_nothing_per_packet()
    {
        var group = El(EbmlId.BlockGroup, Block(EbmlId.Block, 0, Packet(1)), Number(EbmlId.DiscardPadding, 1));
        byte[][] blocks = [group, Simple(20, Packet(2)), Simple(40, Packet(3, 300))];
        var clusters = Enumerable.Range(0, 2000).Select(i => Cluster(i * 60, blocks));
        using var reader = WebMOpusReader.Open(new MemoryStream(File([.. clusters])));
        for (var i = 0; i < 10; i++)
            reader.Read();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var count = 10;
        while (reader.Read())
            count++;
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(6000, count);
    }

    private static byte[] Laced(uint id, string lacing, byte[][] packets)
    {
        var count = (byte)(packets.Length - 1);
        var all = packets.SelectMany(packet => packet).ToArray();
        return lacing switch
        {
            "none" => BlockOf(id, 1, 0, 0, all),
            "Xiph" => BlockOf(id, 1, 0, 0x02, [count, .. packets[..^1].SelectMany(packet => XiphSize(packet.Length)), .. all]),
            "fixed" => BlockOf(id, 1, 0, 0x04, [count, .. all]),
            _ => BlockOf(id, 1, 0, 0x06, [count, .. EbmlSizes(packets), .. all]),
        };
    }

    private static byte[] XiphSize(int size) => [.. Enumerable.Repeat((byte)255, size / 255), (byte)(size % 255)];

    // The first in one byte, the differences in two: the value plus 2^13 − 1.
    private static IEnumerable<byte> EbmlSizes(byte[][] packets)
    {
        yield return (byte)(0x80 | packets[0].Length);
        for (var i = 1; i < packets.Length - 1; i++)
        {
            var value = packets[i].Length - packets[i - 1].Length + 0x1FFF;
            yield return (byte)(0x40 | value >> 8);
            yield return (byte)value;
        }
    }
}
