using FsCheck;
using FsCheck.Fluent;
using VoiceKit.Containers;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Ogg;

public class OggOpusWriterTests
{
    private const int D = OggBytes.PacketDuration;
    private static readonly OpusHead Head = new(1, 312, 48_000);
    private static readonly OpusTags Tags = new("vendor", new OpusComment("TITLE", "x"));

    public sealed record Stream(byte[][] Packets, OpusComment[] Comments, int PageMilliseconds, int ReadSize, int TrimPercent);

    [Fact]
    public void What_is_written_is_read_back_for_any_packets_tags_and_pages()
    {
        Fx.Check(AnyStream(), stream =>
        {
            var bytes = new MemoryStream();
            var options = new OpusWriterOptions { MaxPageDuration = TimeSpan.FromMilliseconds(stream.PageMilliseconds) };
            var head = new OpusHead(1, stream.Packets.Length == 1 ? 0 : 100, 48_000);
            using var writer = new OggOpusWriter(bytes, head, new OpusTags("vendør", stream.Comments), options);
            foreach (var packet in stream.Packets)
                writer.WritePacket(packet);
            var trim = OpusPacket.Parse(stream.Packets[^1]).Duration * stream.TrimPercent / 100;
            writer.Finish(trim);

            var strict = new OpusReaderOptions { Strict = true, MaxTagsSize = 1 << 24 };
            using var reader = OggOpusReader.Open(new TrickleStream(bytes.ToArray(), stream.ReadSize), strict);
            Assert.Equal("vendør", reader.Tags.Vendor);
            Assert.Equal(stream.Comments, reader.Tags.Comments);
            foreach (var packet in stream.Packets)
            {
                Assert.True(reader.Read());
                Assert.Equal(packet, reader.Packet.ToArray());
            }

            Assert.False(reader.Read());
            Assert.Equal(writer.Duration - head.PreSkip - trim, reader.Position);
        }, tests: 150);
    }

    [Fact]
    public void Pages_hold_no_more_than_they_may_and_headers_stand_alone()
    {
        var data = Write(250, new OpusWriterOptions { MaxPageDuration = TimeSpan.FromMilliseconds(300) });
        var pages = PagesOf(data);
        Assert.Equal(OggPageFlags.BeginOfStream, pages[0].Flags);
        Assert.All(pages[1..^1], page => Assert.Equal(OggPageFlags.None, page.Flags));
        Assert.Equal(OggPageFlags.EndOfStream, pages[^1].Flags);
        Assert.Equal([0, 0, 15 * D, 30 * D], pages.Take(4).Select(page => page.Granule));
        Assert.Equal(Enumerable.Range(0, pages.Count).Select(i => (uint)i), pages.Select(page => page.Sequence));
        Assert.Equal(250 * D, pages[^1].Granule);
    }

    [Fact]
    public void Default_page_holds_a_second() =>
        Assert.Equal([0, 0, 48_000, 96_000, 100 * D + D], PagesOf(Write(101)).Select(page => page.Granule));

    [Fact]
    public void Page_of_no_duration_holds_one_packet() =>
        Assert.Equal(2 + 7, PagesOf(Write(7, new OpusWriterOptions { MaxPageDuration = TimeSpan.Zero })).Count);

    [Fact]
    public void Page_on_which_no_packet_ends_has_no_granule()
    {
        var tags = new OpusTags("v", new OpusComment("X", new string('y', 100_000)));
        var bytes = new MemoryStream();
        using var writer = new OggOpusWriter(bytes, Head, tags);
        writer.WritePacket(OggBytes.Packet);
        writer.Finish();
        var pages = PagesOf(bytes.ToArray());
        Assert.Equal([0, -1, 0, D], pages.Select(page => page.Granule));
        Assert.Equal(OggPageFlags.Continued, pages[2].Flags);
    }

    [Fact]
    public void Same_serial_gives_the_same_bytes_and_another_differs()
    {
        var options = new OpusWriterOptions { Serial = -5 };
        Assert.Equal(Write(9, options), Write(9, options));
        Assert.NotEqual(Write(9, options), Write(9, new OpusWriterOptions { Serial = 6 }));
    }

    [Fact]
    public void Flushed_stream_is_readable_but_for_its_last_packet()
    {
        var bytes = new MemoryStream();
        using var writer = new OggOpusWriter(bytes, Head, Tags);
        for (var i = 0; i < 10; i++)
            writer.WritePacket(OggBytes.Packet);
        writer.Flush();
        Assert.Equal(9, OpusInfo.Read(new MemoryStream(bytes.ToArray())).PacketCount);
        writer.Flush();
        writer.Finish(5);
        var info = OpusInfo.Read(new MemoryStream(bytes.ToArray()), new OpusReaderOptions { Strict = true });
        Assert.Equal(10 * D - 312 - 5, info.Samples);
        Assert.Equal(4, info.PageCount);
    }

    [Fact]
    public async Task Asynchronous_writing_gives_the_same_bytes()
    {
        var options = new OpusWriterOptions { Serial = 1, MaxPageDuration = TimeSpan.FromMilliseconds(100) };
        var bytes = new MemoryStream();
        await using var writer = new OggOpusWriter(bytes, Head, Tags, options);
        for (var i = 0; i < 23; i++)
            await writer.WritePacketAsync(OggBytes.Packet);
        await writer.FinishAsync();
        Assert.Equal(Write(23, options), bytes.ToArray());
    }

    [Fact]
    public void Misuse_is_told()
    {
        var bytes = new MemoryStream();
        var writer = new OggOpusWriter(bytes, Head, Tags);
        Assert.Throws<InvalidOperationException>(() => writer.Finish());
        Assert.Throws<VoiceFormatException>(() => writer.WritePacket([]));
        Assert.Throws<VoiceFormatException>(() => writer.WritePacket([0x49, 1]));
        writer.WritePacket(OggBytes.Packet);
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Finish(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Finish(D + 1));
        Assert.Throws<InvalidOperationException>(() => writer.Finish(D - 311)); // §4.5: it would end within the pre-skip.
        writer.Finish(D - 312);
        Assert.Throws<InvalidOperationException>(() => writer.WritePacket(OggBytes.Packet));
        Assert.Throws<InvalidOperationException>(() => writer.Finish());
        writer.Dispose();
        writer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => writer.Flush());
        Assert.Throws<ArgumentException>(() => new OpusTags("v", new OpusComment("A=B", "c")));
        Assert.Throws<ArgumentException>(() => new OpusTags("v", new OpusComment("", "c")));
    }

    [Fact]
    public async Task Cancellation_of_one_caller_is_no_cancellation_of_the_next()
    {
        await using var writer = new OggOpusWriter(
            new StuckStream(), Head, Tags, new OpusWriterOptions { MaxPageDuration = TimeSpan.Zero });
        using var source = new CancellationTokenSource();
        var write = writer.WritePacketAsync(OggBytes.Packet, source.Token);
        Assert.False(write.IsCompleted);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await write);
        var later = await Assert.ThrowsAsync<IOException>(async () => await writer.WritePacketAsync(OggBytes.Packet));
        Assert.IsAssignableFrom<OperationCanceledException>(later.InnerException);
        Assert.Same(later, Assert.Throws<IOException>(() => writer.Finish()));
    }

    [Fact]
    public async Task Token_that_is_cancelled_already_does_no_harm()
    {
        var options = new OpusWriterOptions { Serial = 1, MaxPageDuration = TimeSpan.FromMilliseconds(100) };
        var bytes = new MemoryStream();
        await using var writer = new OggOpusWriter(bytes, Head, Tags, options);
        var cancelled = new CancellationToken(true);
        for (var i = 0; i < 23; i++)
        {
            await Assert.ThrowsAsync<OperationCanceledException>(
                async () => await writer.WritePacketAsync(OggBytes.Packet, cancelled));
            await writer.WritePacketAsync(OggBytes.Packet);
        }

        await Assert.ThrowsAsync<OperationCanceledException>(async () => await writer.FinishAsync(0, cancelled));
        await writer.FinishAsync();
        Assert.Equal(Write(23, options), bytes.ToArray());
    }

    [Fact]
    public void First_write_error_is_told_again()
    {
        using var writer = new OggOpusWriter(
            new FailingStream(100), Head, Tags, new OpusWriterOptions { MaxPageDuration = TimeSpan.Zero });
        var first = Assert.Throws<IOException>(() =>
        {
            for (var i = 0; i < 1000; i++)
                writer.WritePacket(OggBytes.Packet);
        });
        Assert.Same(first, Assert.Throws<IOException>(() => writer.WritePacket(OggBytes.Packet)));
        Assert.Same(first, Assert.Throws<IOException>(() => writer.Finish()));
    }

    [Fact]
    public void Muxing_and_demuxing_allocate_nothing_per_packet()
    {
        var sink = new MemoryStream(1 << 20);
        using var writer = new OggOpusWriter(sink, Head, Tags);
        var packet = new byte[60];
        packet[0] = 0x48;
        for (var i = 0; i < 300; i++)
            writer.WritePacket(packet);
        AllocationBudget.Hold("mux", packets: 5000, () =>
        {
            for (var i = 0; i < 5000; i++)
                writer.WritePacket(packet);
        });
        writer.Finish();

        sink.Position = 0;
        using var reader = OggOpusReader.Open(sink);
        for (var i = 0; i < 300; i++)
            reader.Read();
        var count = 0;
        AllocationBudget.Hold("demux", packets: 5000, () =>
        {
            while (reader.Read())
                count += reader.PacketInfo.Playable > 0 ? 1 : 0;
        });
        Assert.Equal(5000, count);
    }

    private static Gen<Stream> AnyStream()
    {
        var packets = Gen.OneOf(AnyPacket(), AnyPacket(), AnyPaddedPacket());
        var names = Gen.Elements("TITLE", "Artist", "x y", "}", "R128_TRACK_GAIN");
        var values = Gen.Elements("", "=", "ü€\U0001F3A4", "a\0b", new string('z', 70_000), "line\nline");
        var comments = names.SelectMany(name => values.Select(value => new OpusComment(name, value)));
        return
            from packetList in packets.NonEmptyListOf()
            from commentList in comments.ListOf()
            from page in Gen.Elements(0, 1, 20, 100, 1000, 30_000)
            from size in Gen.Elements(1, 7, 255, 4096, 1 << 20)
            from trim in Gen.Choose(0, 100)
            select new Stream([.. packetList], [.. commentList.Take(4)], page, size, trim);
    }

    // Code 0 of any configuration.
    private static Gen<byte[]> AnyPacket() =>
        from toc in Gen.Choose(0, 63)
        from size in Gen.Elements(0, 1, 20, 60, 253, 254, 255, 509, 510, 1275)
        from seed in Gen.Choose(0, 255)
        select (byte[])[(byte)(toc << 2), .. Enumerable.Range(0, size).Select(i => (byte)(seed + i))];

    // Code 3 of one frame with padding, up to the largest packet of all.
    private static Gen<byte[]> AnyPaddedPacket() =>
        from toc in Gen.Choose(0, 63)
        from chunks in Gen.Elements(0, 1, 3, 100, 200, 239)
        select (byte[])[
            (byte)(toc << 2 | 3), 0x41, .. Enumerable.Repeat((byte)255, chunks), 10, 1, 2, 3, .. new byte[254 * chunks + 10]];

    private static byte[] Write(int packets, OpusWriterOptions? options = null)
    {
        var bytes = new MemoryStream();
        using var writer = new OggOpusWriter(bytes, Head, Tags, options);
        for (var i = 0; i < packets; i++)
            writer.WritePacket(OggBytes.Packet);
        writer.Finish();
        return bytes.ToArray();
    }

    private static List<(OggPageFlags Flags, long Granule, uint Sequence)> PagesOf(byte[] data)
    {
        var pages = new List<(OggPageFlags, long, uint)>();
        while (data.Length > 0)
        {
            Assert.Equal(OggPageStatus.Valid, OggPage.Read(data, out var page));
            pages.Add((page.Flags, page.Granule, page.Sequence));
            data = data[page.Data.Length..];
        }

        return pages;
    }
}
