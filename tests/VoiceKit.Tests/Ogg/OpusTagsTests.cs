using FsCheck.Fluent;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Ogg;

public class OpusTagsTests
{
    private static readonly OpusTags Tags = new("vendor", new("TITLE", "one"), new("ARTIST", "me"), new("title", "two"));

    [Fact]
    public void A_value_takes_the_place_of_all_of_its_name()
    {
        var changed = Tags.With("Title", "three");
        Assert.Equal([new("Title", "three"), new("ARTIST", "me")], changed.Comments);
        Assert.Equal(
            [new("TITLE", "one"), new("ARTIST", "me"), new("title", "two"), new("DATE", "2026")],
            Tags.With("DATE", "2026").Comments);
        Assert.Equal(3, Tags.Comments.Count);
        Assert.Equal("vendor", changed.Vendor);
    }

    [Fact]
    public void Values_are_added_and_taken_away()
    {
        Assert.Equal(["one", "two", "three"], Tags.Add("TITLE", "three").GetValues("TITLE"));
        Assert.Equal([new("ARTIST", "me")], Tags.Without("tItLe").Comments);
        Assert.Equal(Tags.Comments, Tags.Without("DATE").Comments);
        Assert.Throws<ArgumentException>(() => Tags.With("A=B", ""));
        Assert.Throws<ArgumentException>(() => Tags.Add("", ""));
        Assert.Throws<ArgumentNullException>(() => Tags.Add("A", null!));
        Assert.Throws<ArgumentNullException>(() => Tags.Without(null!));
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("-573", -573)]
    [InlineData("+256", 256)]
    [InlineData("000007", 7)]
    [InlineData("-32768", -32768)]
    [InlineData("32767", 32767)]
    [InlineData("32768", null)]
    [InlineData("-32769", null)]
    [InlineData("0000007", null)]
    [InlineData("", null)]
    [InlineData("-", null)]
    [InlineData("+-5", null)]
    [InlineData(" 5", null)]
    [InlineData("5 ", null)]
    [InlineData("5\0", null)]
    [InlineData("1.5", null)]
    [InlineData("0x10", null)]
    [InlineData("−5", null)]
    [InlineData("٣", null)]
    public void Gains_are_read_as_the_RFC_writes_them(string text, int? gain)
    {
        var tags = new OpusTags("", new OpusComment("r128_track_gain", text), new OpusComment("R128_ALBUM_GAIN", text));
        Assert.Equal((short?)gain, tags.TrackGain);
        Assert.Equal((short?)gain, tags.AlbumGain);
    }

    [Fact]
    public void The_first_gain_counts_and_a_new_one_is_the_only_one()
    {
        var tags = new OpusTags("", new OpusComment("R128_TRACK_GAIN", "x"), new OpusComment("R128_TRACK_GAIN", "5"));
        Assert.Null(tags.TrackGain);
        Assert.Null(tags.AlbumGain);
        tags = tags.WithTrackGain(-32768).WithAlbumGain(7);
        Assert.Equal([new("R128_TRACK_GAIN", "-32768"), new("R128_ALBUM_GAIN", "7")], tags.Comments);
        Assert.Equal(((short)-32768, (short)7), (tags.TrackGain!.Value, tags.AlbumGain!.Value));
        Assert.Empty(tags.WithTrackGain(null).WithAlbumGain(null).Comments);
    }

    [Fact]
    public void Padding_is_told_and_binary_data_is_kept()
    {
        var padded = Parse([.. Tags.ToPacket(), 0, 1, 2]);
        Assert.Equal(3, padded.PaddingSize);
        Assert.True(padded.BinaryData.IsEmpty);
        Assert.Equal(Tags.ToPacket(), padded.ToPacket());

        byte[] data = [1, 0, 2];
        var kept = Parse([.. Tags.ToPacket(), .. data]);
        Assert.Equal(0, kept.PaddingSize);
        Assert.Equal(data, kept.BinaryData.ToArray());
        var changed = kept.With("TITLE", "x").Without("ARTIST").Add("A", "b").WithTrackGain(1);
        Assert.Equal(data, changed.ToPacket()[^3..]);
        Assert.Equal(data, Parse(changed.ToPacket()).BinaryData.ToArray());
        Assert.Throws<ArgumentException>(() => kept.ToPacket(1));
    }

    [Fact]
    public void Any_tags_come_back_with_their_padding()
    {
        var text = Gen.Elements('a', 'Z', '=', ' ', 'ü', '€', '漢').ListOf().Select(list => new string([.. list]));
        var name = Gen.Elements("TITLE", "a", "}", "X Y");
        var comment = from n in name from v in text select new OpusComment(n, v);
        Fx.Check(Gen.Zip(comment.ListOf(), Gen.Zip(text, Gen.Choose(0, 600))), input =>
        {
            var (comments, (vendor, padding)) = input;
            var tags = Parse(new OpusTags(vendor, comments).ToPacket(padding));
            Assert.Equal(vendor, tags.Vendor);
            Assert.Equal(comments, tags.Comments);
            Assert.Equal(padding, tags.PaddingSize);
        });
    }

    [Fact]
    public void What_stands_behind_a_broken_list_is_neither_padding_nor_data()
    {
        var packet = Tags.ToPacket();
        packet[8 + 4 + 6] = 200; // The number of comments.
        var tags = OpusTags.Parse([.. packet, 1, 2, 3], out var fault);
        Assert.NotNull(fault);
        Assert.Equal(3, tags.Comments.Count);
        Assert.Equal((0, 0), (tags.PaddingSize, tags.BinaryData.Length));
    }

    [Fact]
    public void A_comment_without_a_name_does_not_cost_the_binary_data()
    {
        var packet = new OpusTags("", new OpusComment("A", "b")).ToPacket();
        packet[^2] = (byte)'x';
        var tags = OpusTags.Parse([.. packet, 3], out var fault);
        Assert.NotNull(fault);
        Assert.Empty(tags.Comments);
        Assert.Equal([3], tags.BinaryData.ToArray());
    }

    [Fact]
    public void Broken_packets_never_throw()
    {
        var random = new Random(7845);
        var picture = new OpusPicture(OpusPictureType.Other, "image/png", new byte[300]);
        var whole = Tags.Add(picture).WithTrackGain(5).ToPacket(20);
        var faults = 0;
        for (var i = 0; i < 5000; i++)
        {
            var packet = whole.ToArray();
            for (var n = random.Next(1, 4); n > 0; n--)
                packet[random.Next(8, packet.Length)] = (byte)random.Next(256);
            if (random.Next(2) == 0)
                packet = packet[..random.Next(8, packet.Length)];
            var tags = OpusTags.Parse(packet, out var fault);
            faults += fault is null ? 0 : 1;
            _ = tags.TrackGain;
            Assert.InRange(tags.Pictures.Sum(found => found.Data.Length), 0, packet.Length);
            if (fault is null)
                Assert.Equal(packet[..^tags.PaddingSize], tags.ToPacket());
        }

        Assert.InRange(faults, 1000, 4900);
    }

    [Fact]
    public void Comments_that_are_no_UTF_8_keep_their_bytes_when_others_change()
    {
        byte[][] comments = [[.. "A="u8, 0xE4], [.. "B=b"u8], [.. "A="u8, 0xF6, 0xFC], [.. "a="u8, 0xE4], [.. "A="u8, 0xFC]];
        var packet = PacketOf([0xFF, (byte)'v'], comments);
        var tags = OpusTags.Parse(packet, out _);
        Assert.Equal(packet, tags.With("B", "b").ToPacket());
        byte[] added = [.. "C=\uFFFD"u8];
        Assert.Equal(PacketOf([0xFF, (byte)'v'], [.. comments, added]), tags.Add("C", "\uFFFD").ToPacket());
        Assert.Equal(PacketOf([0xFF, (byte)'v'], comments[1]), tags.Without("A").ToPacket());
        Assert.Equal(PacketOf([0xFF, (byte)'v'], [.. "A=new"u8], comments[1]), tags.With("A", "new").ToPacket());
    }

    private static byte[] PacketOf(byte[] vendor, params byte[][] comments) =>
    [
        .. "OpusTags"u8, .. BitConverter.GetBytes(vendor.Length), .. vendor, .. BitConverter.GetBytes(comments.Length),
        .. comments.SelectMany(comment => BitConverter.GetBytes(comment.Length).Concat(comment)),
    ];

    [Fact]
    public void Reading_takes_no_more_memory_than_the_packet()
    {
        var packet = new OpusTags("vendor", new OpusComment("A", new string('x', 1_000_000))).ToPacket();
        OpusTags.Parse(packet, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var tags = OpusTags.Parse(packet, out _);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, packet.Length + 1000);
        Assert.Equal(1_000_000, tags.GetValue("a")!.Length);
        Assert.Equal("vendor", tags.Vendor);
        before = GC.GetAllocatedBytesForCurrentThread();
        var written = tags.ToPacket();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, packet.Length + 1000);
        Assert.Equal(packet, written);
    }

    [Fact]
    public void Several_threads_may_ask_for_the_texts_first()
    {
        var packet = Tags.ToPacket();
        for (var i = 0; i < 200; i++)
        {
            var tags = OpusTags.Parse(packet, out _);
            Parallel.For(0, 8, _ => Assert.Equal((3, "vendor"), (tags.Comments.Count, tags.Vendor)));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(20)]
    public void Tags_know_the_packet_that_they_are_of_until_their_texts_are_made(int padding)
    {
        var packet = Tags.ToPacket(padding);
        var tags = OpusTags.Parse(packet, out _);
        Assert.True(tags.IsOf(packet));
        Assert.False(tags.IsOf([.. packet, 0]));
        Assert.False(tags.IsOf(packet.AsSpan(0, packet.Length - 1)));
        Assert.False(tags.IsOf(Tags.With("TITLE", "eno").ToPacket(padding)));
        if (padding > 0)
            Assert.False(tags.IsOf([.. packet[..^padding], .. Enumerable.Repeat((byte)1, padding)]));
        _ = tags.Comments;
        Assert.False(tags.IsOf(packet));
    }

    private static OpusTags Parse(byte[] packet)
    {
        var tags = OpusTags.Parse(packet, out var fault);
        Assert.Null(fault);
        return tags;
    }
}
