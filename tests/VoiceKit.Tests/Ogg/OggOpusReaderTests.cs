using VoiceKit.Containers;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Tests.Ogg;

/// <summary>The rules of RFC 7845 §3–§6, one broken at a time.</summary>
public class OggOpusReaderTests
{
    private const int PreSkip = 312;
    private const int D = OggBytes.PacketDuration;

    [Fact]
    public void Length_is_the_durations_less_pre_skip_and_end_trim()
    {
        var info = Info(Started().Audio(5, 5 * D).Audio(5, 10 * D - 100, OggPageFlags.EndOfStream));
        Assert.Equal(10 * D - 100 - PreSkip, info.Samples);
        Assert.Empty(info.Defects);
        Assert.Equal(10, info.PacketCount);
        Assert.Equal(4, info.PageCount);
    }

    [Fact]
    public void Packets_tell_where_they_are_and_what_to_drop()
    {
        var infos = Packets(Started(preSkip: D + 10).Audio(2, 2 * D).Audio(3, 5 * D - (D + 20), OggPageFlags.EndOfStream));
        Assert.Equal(
            [
                new OpusPacketInfo(0, D, D, 0, 0),
                new OpusPacketInfo(0, D, 10, 0, 0),
                new OpusPacketInfo(D - 10, D, 0, 0, 0),
                new OpusPacketInfo(2 * D - 10, D, 0, 20, 0),
                new OpusPacketInfo(3 * D - 30, D, 0, D, 0),
            ],
            infos);
    }

    [Fact]
    public void Clip_on_one_page_that_is_first_and_last_is_trimmed_at_the_end() // §4.5
    {
        var info = Info(Started().Audio(3, 3 * D - 500, OggPageFlags.EndOfStream));
        Assert.Equal(3 * D - 500 - PreSkip, info.Samples);
        Assert.Empty(info.Defects);
    }

    [Fact]
    public void Clip_of_no_samples_has_none()
    {
        var info = Info(Started().Audio(1, PreSkip, OggPageFlags.EndOfStream));
        Assert.Equal(0, info.Samples);
        Assert.Empty(info.Defects);
    }

    [Fact]
    public void Stream_that_starts_late_loses_no_more_than_the_pre_skip() // §4.5
    {
        var info = Info(Started().Audio(5, 1_000_000).Audio(5, 1_000_000 + 5 * D, OggPageFlags.EndOfStream));
        Assert.Equal(10 * D - PreSkip, info.Samples);
        Assert.Empty(info.Defects);
    }

    [Fact]
    public void Short_last_granule_without_end_of_stream_trims_nothing() // §4.4
    {
        var info = Info(Started().Audio(5, 5 * D).Audio(5, 10 * D - 100));
        Assert.Equal(10 * D - PreSkip, info.Samples);
        Assert.Equal([OpusDefectKind.BadGranule, OpusDefectKind.MissingEnd], KindsOf(info));
    }

    [Fact]
    public void Audio_marked_as_a_first_page_is_left_out_and_told_of()
    {
        var info = Info(
            Started().Audio(5, 5 * D).Audio(5, 10 * D, OggPageFlags.BeginOfStream).Audio(5, 15 * D, OggPageFlags.EndOfStream));
        Assert.Equal((15 * D - PreSkip, 5 * D), (info.Samples, info.LostSamples));
        Assert.Equal([OpusDefectKind.BadStructure, OpusDefectKind.MissingPages], KindsOf(info));
    }

    [Fact]
    public void Trim_longer_than_the_last_page_drops_that_page_and_no_more()
    {
        var info = Info(Started().Audio(5, 5 * D).Audio(2, 2 * D, OggPageFlags.EndOfStream));
        Assert.Equal(5 * D - PreSkip, info.Samples);
    }

    [Fact]
    public void First_granule_below_its_samples_is_a_defect_and_an_error_when_strict() // §4.5
    {
        var bytes = Started().Audio(5, 5 * D - 1).Audio(1, 6 * D - 1, OggPageFlags.EndOfStream);
        var info = Info(bytes);
        Assert.Equal(6 * D - PreSkip, info.Samples);
        Assert.Equal([OpusDefectKind.BadFirstGranule], KindsOf(info));
        Assert.Throws<VoiceFormatException>(() => Info(bytes, strict: true));
    }

    [Fact]
    public void Only_page_that_ends_before_the_pre_skip_is_an_error_when_strict() // §4.5
    {
        var bytes = Started().Audio(2, PreSkip - 1, OggPageFlags.EndOfStream);
        Assert.Equal([OpusDefectKind.BadFirstGranule], KindsOf(Info(bytes)));
        Assert.Equal(2 * D - PreSkip, Info(bytes).Samples);
        Assert.Throws<VoiceFormatException>(() => Info(bytes, strict: true));
    }

    [Fact]
    public void Lost_page_is_reported_and_its_time_kept()
    {
        var bytes = Started().Audio(5, 5 * D);
        var offset = bytes.Skip(1).Length;
        var infos = Packets(bytes.Audio(5, 15 * D, OggPageFlags.EndOfStream));
        Assert.Equal(5 * D, infos[5].LostBefore);
        Assert.Equal(10 * D - PreSkip, infos[5].Position);

        var info = Info(bytes);
        Assert.Equal(15 * D - PreSkip, info.Samples);
        Assert.Equal(5 * D, info.LostSamples);
        var defect = Assert.Single(info.Defects);
        Assert.Equal((offset, OpusDefectKind.MissingPages), (defect.Offset, defect.Kind));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Loss_right_behind_the_headers_is_not_filled(int lost) // §4.5: such a stream begins with what is there.
    {
        var bytes = Started().Skip(1).Audio(5, (5 + lost) * D).Audio(5, (10 + lost) * D, OggPageFlags.EndOfStream);
        Assert.Equal(new OpusPacketInfo(0, D, PreSkip, 0, 0), Packets(bytes)[0]);
        var info = Info(bytes);
        Assert.Equal((10 * D - PreSkip, 0, lost * D), (info.Samples, info.LostSamples, info.LostBeginningSamples));
        Assert.Equal([OpusDefectKind.MissingPages], KindsOf(info));
    }

    [Fact]
    public void Hole_before_a_page_without_a_whole_packet_is_not_forgotten()
    {
        var large = new byte[600];
        large[0] = 0x48;
        var info = Info(Started().Audio(5, 5 * D).Skip(1)
            .OpenPage(OggPageFlags.None, OggPage.NoGranule, 1, [], large[..510])
            .Page(OggPageFlags.Continued | OggPageFlags.EndOfStream, 11 * D, 1, large[510..]));
        Assert.Equal(11 * D - PreSkip, info.Samples);
        Assert.Equal(5 * D, info.LostSamples);
        Assert.Equal([OpusDefectKind.MissingPages], KindsOf(info));
    }

    [Fact]
    public void Capture_patterns_close_behind_each_other_are_given_up_before_they_cost_much()
    {
        const int Patterns = 300_000;
        byte[] pattern = [.. "OggS"u8, 0, 4, 255, 255]; // Each the head of a page of 103 segments, some 11 kB.
        var bytes = Started().Audio(5, 5 * D);
        for (var i = 0; i < Patterns; i++)
            bytes.Raw(pattern);
        var info = Info(bytes.Raw(new byte[OggPage.MaxSize]).Audio(5, 10 * D, OggPageFlags.EndOfStream));
        Assert.Equal(10 * D - PreSkip, info.Samples);

        // Each false page that is looked into is a defect: few of them are, and the real page behind them is found.
        Assert.InRange(info.DefectCount, 1, Patterns / 50);
    }

    [Fact]
    public void Absurd_loss_is_not_made_up_for()
    {
        var info = Info(Started().Audio(5, 5 * D).Skip(1).Audio(5, long.MaxValue, OggPageFlags.EndOfStream));
        Assert.Equal(10 * D - PreSkip, info.Samples);
        Assert.Equal(0, info.LostSamples);
        Assert.Equal([OpusDefectKind.MissingPages, OpusDefectKind.BadGranule], KindsOf(info));
    }

    [Fact]
    public void Many_claims_of_loss_never_add_up_to_much_more_than_there_is_to_hear()
    {
        var bytes = Started();
        long granule = 0;
        for (var i = 0; i < 100; i++)
            bytes.Skip(1).Audio(1, granule += OggOpusTimeline.MaxLoss - D);
        var info = Info(bytes);
        Assert.InRange(info.LostSamples, 1, OggOpusTimeline.MaxLoss + 100 * D);
    }

    [Fact]
    public void Links_with_lost_beginnings_are_as_long_as_what_is_there()
    {
        var bytes = new OggBytes();
        for (uint serial = 1; serial <= 100; serial++)
            bytes.Head(serial: serial).Tags(serial).Skip(1, serial).Audio(
                1, OggOpusTimeline.MaxLoss, OggPageFlags.EndOfStream, serial);
        var info = Info(bytes);
        Assert.Equal((100, 100 * (D - PreSkip), 0L), (info.LinkCount, info.Samples, info.LostSamples));
        Assert.Equal(100L * (OggOpusTimeline.MaxLoss - D), info.LostBeginningSamples);
    }

    [Fact]
    public void Bad_checksum_drops_the_page_and_the_time_stays_true()
    {
        var bytes = Started().Audio(5, 5 * D);
        var offset = (int)bytes.Length;
        var data = bytes.Audio(5, 10 * D).Audio(5, 15 * D, OggPageFlags.EndOfStream).ToArray();
        data[offset + 40] ^= 0x10;
        var info = Info(data);
        Assert.Equal([OpusDefectKind.BadChecksum, OpusDefectKind.MissingPages], KindsOf(info));
        Assert.Equal(offset, info.Defects[0].Offset);
        Assert.Equal(15 * D - PreSkip, info.Samples);
        Assert.Equal(10, info.PacketCount);
    }

    [Fact]
    public void False_capture_pattern_within_junk_hides_no_page()
    {
        var before = Started().Audio(5, 5 * D);
        var offset = before.Length;
        // A header that claims a body reaching over the next page.
        byte[] junk = [.. "xOggS"u8, 0, 0, .. new byte[20], 3, 255, 255, 255];
        var info = Info(before.Raw(junk).Audio(5, 10 * D, OggPageFlags.EndOfStream).Raw(new byte[900]));
        Assert.Equal(10 * D - PreSkip, info.Samples);
        Assert.Equal(10, info.PacketCount);
        Assert.Equal((offset, OpusDefectKind.Junk), (info.Defects[0].Offset, info.Defects[0].Kind));
        Assert.Equal(OpusDefectKind.BadChecksum, info.Defects[1].Kind);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_536)]
    public void Junk_before_the_first_page_is_skipped(int size)
    {
        var junk = new byte[size];
        new Random(2).NextBytes(junk);
        var info = Info(new OggBytes().Raw(junk).Head().Tags().Audio(5, 5 * D, OggPageFlags.EndOfStream));
        Assert.Equal(5 * D - PreSkip, info.Samples);
        Assert.Equal(size == 0 ? 0 : 1, info.DefectCount);
    }

    [Fact]
    public void File_cut_off_at_any_byte_gives_the_pages_that_are_whole()
    {
        var bytes = Started().Audio(2, 2 * D).Audio(2, 4 * D);
        var firstEnd = Started().Audio(2, 2 * D).Length;
        var headersEnd = Started().Length;
        var data = bytes.ToArray();
        for (var length = (int)headersEnd; length < data.Length; length++)
        {
            var info = Info(data[..length]);
            Assert.Equal(length < firstEnd ? 0 : 2 * D - PreSkip, info.Samples);
            var atBoundary = length == headersEnd || length == firstEnd;
            // Up to three bytes of a capture pattern are not yet a page.
            Assert.Equal(!atBoundary, KindsOf(info)[0] is OpusDefectKind.Truncated or OpusDefectKind.Junk);
            Assert.Contains(OpusDefectKind.MissingEnd, KindsOf(info));
        }
    }

    [Fact]
    public void Malformed_and_empty_packets_are_skipped() // RFC 6716 §3.1, §3.4
    {
        var info = Info(Started().Page(OggPageFlags.EndOfStream, 2 * D, 1, OggBytes.Packet, [], [0x49, 1], OggBytes.Packet));
        Assert.Equal(2, info.PacketCount);
        Assert.Equal(2 * D - PreSkip, info.Samples);
        Assert.Equal([OpusDefectKind.MalformedPacket, OpusDefectKind.MalformedPacket], KindsOf(info));
    }

    [Fact]
    public void Packet_over_pages_is_put_together()
    {
        var large = new byte[1000];
        new Random(3).NextBytes(large);
        large[0] = 0x48;
        var bytes = Started()
            .OpenPage(OggPageFlags.None, D, 1, OggBytes.Packet, large[..510])
            .Page(OggPageFlags.Continued | OggPageFlags.EndOfStream, 2 * D, 1, large[510..]);
        using var reader = OggOpusReader.Open(new MemoryStream(bytes.ToArray()), new OpusReaderOptions { Strict = true });
        Assert.True(reader.Read());
        Assert.Equal(OggBytes.Packet, reader.Packet.ToArray());
        Assert.True(reader.Read());
        Assert.Equal(large, reader.Packet.ToArray());
        Assert.False(reader.Read());
        Assert.Equal(2 * D - PreSkip, reader.Position);
    }

    [Fact]
    public void Rest_of_a_packet_whose_beginning_is_missing_is_dropped() // §3
    {
        var info = Info(Started().Audio(1, D).Page(
            OggPageFlags.Continued | OggPageFlags.EndOfStream, 2 * D, 1, [9, 9, 9], OggBytes.Packet));
        Assert.Equal(2, info.PacketCount);
        Assert.Equal([OpusDefectKind.IncompletePacket], KindsOf(info));
    }

    [Fact]
    public void Beginning_of_a_packet_without_the_rest_is_dropped()
    {
        var info = Info(
            Started().OpenPage(OggPageFlags.None, D, 1, OggBytes.Packet, new byte[255]).Audio(
                1, 2 * D, OggPageFlags.EndOfStream));
        Assert.Equal(2, info.PacketCount);
        Assert.Equal([OpusDefectKind.IncompletePacket], KindsOf(info));
    }

    [Fact]
    public void End_of_stream_on_every_page_ends_nothing()
    {
        var info = Info(Started()
            .Audio(5, 5 * D, OggPageFlags.EndOfStream).Audio(5, 10 * D, OggPageFlags.EndOfStream).Audio(
                5, 15 * D, OggPageFlags.EndOfStream));
        Assert.Equal(15 * D - PreSkip, info.Samples);
        Assert.Equal([OpusDefectKind.PageAfterEnd], KindsOf(info));
    }

    [Fact]
    public void Negative_granule_on_a_page_with_packets_is_a_defect()
    {
        var info = Info(Started().Audio(5, 5 * D).Audio(5, -1).Audio(5, 15 * D, OggPageFlags.EndOfStream));
        Assert.Equal(15 * D - PreSkip, info.Samples);
        Assert.Equal([OpusDefectKind.BadGranule], KindsOf(info));
    }

    [Fact]
    public void One_absurd_granule_does_not_trim_the_page_after_it()
    {
        var info = Info(Started().Audio(5, 5 * D).Audio(5, 1L << 62).Audio(5, 15 * D - 7, OggPageFlags.EndOfStream));
        Assert.Equal(15 * D - 7 - PreSkip, info.Samples);
    }

    [Fact]
    public void Streams_beside_ours_are_passed_over()
    {
        var bytes = new OggBytes()
            .Page(OggPageFlags.BeginOfStream, 0, 77, "\u0001vorbis....."u8.ToArray()).Head().Page(
                OggPageFlags.None, 0, 77, [1, 2, 3]).Tags()
            .Audio(5, 5 * D).Page(OggPageFlags.None, 9, 77, [4]).Audio(5, 10 * D, OggPageFlags.EndOfStream);
        var info = Info(bytes);
        Assert.Equal(10 * D - PreSkip, info.Samples);
        Assert.Empty(info.Defects);
    }

    [Fact]
    public void Links_of_a_chain_follow_each_other() // §9
    {
        var info = Info(Started().Audio(5, 5 * D, OggPageFlags.EndOfStream).Skip(-3)
            .Head(preSkip: 100).Tags().Audio(2, 2 * D - 60, OggPageFlags.EndOfStream)
            .Head(serial: 8).Tags(8).Audio(1, D, OggPageFlags.EndOfStream, serial: 8));
        Assert.Equal(5 * D - PreSkip + 2 * D - 160 + D - PreSkip, info.Samples);
        Assert.Equal(3, info.LinkCount);
        Assert.Empty(info.Defects);
    }

    [Theory]
    [InlineData("4F707573486561640101380180BB00000000", "too few")]
    [InlineData("4F707573486561641001380180BB0000000000", "version 16")]
    [InlineData("4F707573486561640100380180BB0000000000", "no channels")]
    [InlineData("4F707573486561640103380180BB0000000000", "family 0 with 3 channels")]
    [InlineData("4F707573486561640101380180BB00000000010001", "too few")]
    [InlineData("4F707573486561640101380180BB0000000001000000", "no streams")]
    [InlineData("4F707573486561640101380180BB0000000001010200", "2 coupled streams among 1")]
    [InlineData("4F707573486561640101380180BB0000000001010001", "decoded channel 1 of 1")]
    public void Refused_head_says_why(string hex, string reason) // §5.1
    {
        var bytes = new OggBytes().Page(OggPageFlags.BeginOfStream, 0, 1, Convert.FromHexString(hex));
        var exception = Assert.Throws<VoiceFormatException>(() => Info(bytes));
        Assert.Contains(reason, exception.Message);
        Assert.InRange(exception.Offset, 28, bytes.Length);
    }

    [Theory]
    [InlineData("4F707573486561640101380180BB0000000000")]
    [InlineData("4F707573486561640F01380180BB0000000000")]
    [InlineData("4F707573486561640201380180BB0000000000AABBCC")]
    [InlineData("4F707573486561640101380180BB00000000010100FF")]
    public void Head_of_a_compatible_version_is_taken(string hex) // §5.1
    {
        var info = Info(new OggBytes().Page(OggPageFlags.BeginOfStream, 0, 1, Convert.FromHexString(hex)).Tags()
            .Audio(1, D, OggPageFlags.EndOfStream));
        Assert.Equal(PreSkip, info.Head.PreSkip);
        Assert.Equal(48_000, info.Head.InputSampleRate);
        Assert.Equal(D - PreSkip, info.Samples);
    }

    [Theory]
    [InlineData("", "number of comments")]
    [InlineData("FFFFFFFF", "comment 0")]
    [InlineData("0100000003000000413D", "comment 0")]
    [InlineData("02000000030000004100", "comment 0")]
    [InlineData("0100000001000000" + "41", "no name")]
    [InlineData("0200000003000000413D42" + "FFFFFFFF", "comment 1")]
    public void Broken_tags_leave_the_audio_intact(string hex, string reason) // §5.2
    {
        byte[] tags = [.. "OpusTags"u8, 4, 0, 0, 0, .. "test"u8, .. Convert.FromHexString(hex)];
        var info = Info(new OggBytes().Head().Page(OggPageFlags.None, 0, 1, tags).Audio(5, 5 * D, OggPageFlags.EndOfStream));
        Assert.Equal(5 * D - PreSkip, info.Samples);
        var defect = Assert.Single(info.Defects);
        Assert.Equal(OpusDefectKind.BadTags, defect.Kind);
        Assert.Contains(reason, defect.Message);
        Assert.Equal("test", info.Tags.Vendor);
    }

    [Fact]
    public void Missing_tags_leave_the_audio_intact()
    {
        var info = Info(new OggBytes().Head().Audio(5, 5 * D, OggPageFlags.EndOfStream));
        Assert.Equal(5 * D - PreSkip, info.Samples);
        Assert.Equal([OpusDefectKind.BadTags], KindsOf(info));
    }

    [Fact]
    public void Tags_beyond_the_limit_are_skipped_and_the_audio_is_read()
    {
        var picture = new OpusComment("METADATA_BLOCK_PICTURE", new string('A', 50_000));
        var data = new OggBytes().Head().Tags(1, picture).Audio(5, 5 * D, OggPageFlags.EndOfStream).ToArray();
        Assert.Equal(picture, Assert.Single(Info(data).Tags.Comments));

        var info = OpusInfo.Read(new MemoryStream(data), new OpusReaderOptions { MaxTagsSize = 1024 });
        Assert.Equal(5 * D - PreSkip, info.Samples);
        Assert.Equal([OpusDefectKind.OversizedPacket, OpusDefectKind.BadTags], KindsOf(info));
    }

    [Fact]
    public void Head_with_a_bad_checksum_is_read_all_the_same()
    {
        var data = Started().Audio(5, 5 * D, OggPageFlags.EndOfStream).ToArray();
        data[OggPage.ChecksumAt] ^= 1;
        Assert.Equal([OpusDefectKind.BadChecksum], KindsOf(Info(data)));
        Assert.Equal(5 * D - PreSkip, Info(data).Samples);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("52494646000000005741564565666D74", "WAV")]
    [InlineData("664C614300000022", "FLAC")]
    [InlineData("1A45DFA30100", "WebM")]
    [InlineData("0000001C667479704D344120", "MPEG-4")]
    [InlineData("4944330400", "MP3")]
    [InlineData("FFFB9064", "MP3")]
    [InlineData("FFF15080", "AAC")]
    [InlineData("2321414D520A", "AMR")]
    [InlineData("00112233445566", "OpusHead")]
    public void What_is_no_Ogg_Opus_is_named(string hex, string name)
    {
        var exception = Assert.Throws<VoiceFormatException>(() => OggOpusReader.Open(Convert.FromHexString(hex)));
        Assert.Contains(name, exception.Message);
    }

    [Fact]
    public void Vorbis_is_named()
    {
        var bytes = new OggBytes().Page(OggPageFlags.BeginOfStream, 0, 1, "\u0001vorbis.........."u8.ToArray());
        Assert.Contains("Vorbis", Assert.Throws<VoiceFormatException>(() => Info(bytes)).Message);
    }

    [Fact]
    public void Endless_junk_is_given_up()
    {
        var endless = new EndlessStream();
        Assert.Throws<VoiceFormatException>(() => OggOpusReader.Open(endless));
        Assert.InRange(endless.Given, 64 * 1024, 4 * 1024 * 1024);
    }

    [Fact]
    public void Defects_are_counted_beyond_the_list()
    {
        var bytes = Started();
        for (var i = 0; i < OpusDefectLog.MaxListed + 50; i++)
            bytes.Raw(0).Audio(1, (i + 1) * D);
        var info = Info(bytes);
        Assert.Equal(OpusDefectLog.MaxListed, info.Defects.Count);
        Assert.Equal(OpusDefectLog.MaxListed + 51, info.DefectCount);
    }

    [Fact]
    public async Task Asynchronous_reading_gives_the_same()
    {
        var data = Started().Audio(5, 5 * D).Skip(1).Audio(5, 15 * D, OggPageFlags.EndOfStream).ToArray();
        var sync = Info(data);
        var async = await OpusInfo.ReadAsync(new TrickleStream(data, 7));
        Assert.Equal((sync.Samples, sync.PacketCount, sync.PageCount), (async.Samples, async.PacketCount, async.PageCount));
        Assert.Equal(sync.Defects, async.Defects);
    }

    [Fact]
    public void Disposed_reader_refuses_and_disposes_its_stream_unless_told_otherwise()
    {
        var stream = new MemoryStream(Started().Audio(1, D, OggPageFlags.EndOfStream).ToArray());
        var reader = OggOpusReader.Open(stream, leaveOpen: true);
        reader.Dispose();
        reader.Dispose();
        Assert.True(stream.CanRead);
        Assert.Throws<ObjectDisposedException>(() => reader.Read());

        stream.Position = 0;
        OggOpusReader.Open(stream).Dispose();
        Assert.False(stream.CanRead);
    }

    private static OggBytes Started(int preSkip = PreSkip) => new OggBytes().Head(preSkip).Tags();

    private static OpusInfo Info(OggBytes bytes, bool strict = false) => Info(bytes.ToArray(), strict);

    private static OpusInfo Info(byte[] data, bool strict = false) =>
        OpusInfo.Read(new MemoryStream(data), new OpusReaderOptions { Strict = strict });

    private static OpusDefectKind[] KindsOf(OpusInfo info) => [.. info.Defects.Select(defect => defect.Kind)];

    private static List<OpusPacketInfo> Packets(OggBytes bytes)
    {
        using var reader = OggOpusReader.Open(new MemoryStream(bytes.ToArray()));
        var infos = new List<OpusPacketInfo>();
        while (reader.Read())
            infos.Add(reader.PacketInfo);
        return infos;
    }
}
