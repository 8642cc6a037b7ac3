using VoiceKit.Containers;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;
using VoiceKit.WebM;
using static VoiceKit.Tests.WebM.MatroskaBytes;

namespace VoiceKit.Tests.WebM;

/// <summary>What the writer makes, read with the reader; programs judge it in <see cref="WebMOpusInteropTests"/>.</summary>
public class WebMOpusWriterTests
{
    private static readonly OpusHead Head = new(1, 312, 48_000);

    [Theory]
    [InlineData(0, true)]
    [InlineData(50, true)]
    [InlineData(5000, true)]
    [InlineData(30_000, true)]
    [InlineData(5000, false)]
    public void What_is_written_is_read(int clusterMilliseconds, bool canSeek)
    {
        var packets = Enumerable.Range(0, 2000).Select(i => Packet(i % 200, 2 + i % 700)).ToArray();
        var tags = new OpusTags("libopus 1.3.1", new("TITLE", "ü€"), new("ARTIST", "Ann"), new("artist", ""));
        var options = new OpusWriterOptions { MaxClusterDuration = TimeSpan.FromMilliseconds(clusterMilliseconds) };
        var data = Write(packets, 959, tags, options, canSeek);
        var result = Read(data, strict: true);
        Assert.Equal(packets, result.Packets);
        Assert.Equal(2000 * 960 - 312 - 959, result.Position);
        Assert.Equal(959, result.Infos[^1].TrimEnd);
        Assert.Equal(tags.Vendor, result.Tags.Vendor);
        Assert.Equal(tags.Comments, result.Tags.Comments);
        Assert.Equal(data, Write(packets, 959, tags, options, canSeek));
    }

    [Fact]
    public void Every_trim_comes_back_to_the_sample()
    {
        for (var trim = 0; trim <= 960; trim++)
            Assert.Equal(trim, Read(Write([Packet(1), Packet(2)], trim), strict: true).Infos[^1].TrimEnd);
        for (var preSkip = 0; preSkip < 1000; preSkip++)
        {
            var output = new MemoryStream();
            using var writer = new WebMOpusWriter(output, new OpusHead(1, preSkip, 0), new OpusTags(""));
            writer.WritePacket(Packet(1));
            writer.WritePacket(Packet(2));
            writer.Finish();
            Assert.Equal(preSkip, Read(output.ToArray(), strict: true).Infos.Sum(info => info.TrimStart));
        }
    }

    [Fact]
    public void A_file_begins_where_the_stream_stood_and_the_stream_ends_behind_it()
    {
        var output = new MemoryStream();
        output.Write("before"u8);
        using var writer = new WebMOpusWriter(output, Head, new OpusTags(""), leaveOpen: true);
        writer.WritePacket(Packet(1));
        writer.Finish();
        Assert.Equal(output.Length, output.Position);
        Assert.Equal("before"u8, output.ToArray().AsSpan(0, 6));
        Assert.Single(Read(output.ToArray()[6..], strict: true).Packets);
    }

    [Fact]
    public void Flushing_gives_a_listener_all_but_the_last_packet()
    {
        var output = new MemoryStream();
        using var writer = new WebMOpusWriter(new ForwardStream(output), Head, new OpusTags(""));
        for (var i = 0; i < 10; i++)
            writer.WritePacket(Packet(i));
        Assert.Empty(Read(output.ToArray(), strict: true).Packets);
        writer.Flush();
        var result = Read(output.ToArray(), strict: true);
        Assert.Equal(9, result.Packets.Count);
        writer.Finish(1);
        Assert.Equal(10, Read(output.ToArray(), strict: true).Packets.Count);
    }

    [Fact]
    public void A_file_that_was_not_finished_can_be_read()
    {
        var output = new MemoryStream();
        using (var writer = new WebMOpusWriter(output, Head, new OpusTags(""), leaveOpen: true))
        {
            for (var i = 0; i < 1000; i++)
                writer.WritePacket(Packet(i % 200));
        }

        var result = Read(output.ToArray(), strict: true);
        Assert.Equal(750, result.Packets.Count); // Three clusters of 5 s.
    }

    [Fact]
    public async Task Writing_without_waiting_gives_the_same()
    {
        byte[][] packets = [.. Enumerable.Range(0, 600).Select(i => Packet(i % 200))];
        var output = new MemoryStream();
        await using (var writer = new WebMOpusWriter(output, Head, new OpusTags("x"), leaveOpen: true))
        {
            foreach (var packet in packets)
                await writer.WritePacketAsync(packet);
            await writer.FinishAsync(7);
            Assert.Equal(600 * 960, writer.Duration);
        }

        Assert.Equal(Write(packets, 7, new OpusTags("x")), output.ToArray());
    }

    [Fact]
    public void Wrong_use_throws_and_leaves_the_writer_usable()
    {
        using var writer = new WebMOpusWriter(new MemoryStream(), Head, new OpusTags(""));
        Assert.Throws<InvalidOperationException>(() => writer.Finish());
        Assert.Throws<VoiceFormatException>(() => writer.WritePacket([]));
        Assert.Throws<VoiceFormatException>(() => writer.WritePacket(Packet(1, 61_441)));
        writer.WritePacket(Packet(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Finish(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Finish(961));
        Assert.Throws<InvalidOperationException>(() => writer.Finish(649));
        writer.Finish(648);
        Assert.Throws<InvalidOperationException>(() => writer.WritePacket(Packet(2)));
        writer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => writer.Flush());
        var tooLong = TimeSpan.FromSeconds(31);
        Assert.Throws<ArgumentOutOfRangeException>(() => new OpusWriterOptions { MaxClusterDuration = tooLong });
    }

    [Fact]
    public void An_error_of_the_output_stays()
    {
        using var writer = new WebMOpusWriter(new FailingStream(1000), Head, new OpusTags(""));
        var first = Assert.Throws<IOException>(() =>
        {
            for (var i = 0; i < 10_000; i++)
                writer.WritePacket(Packet(1));
        });
        Assert.Same(first, Assert.Throws<IOException>(() => writer.WritePacket(Packet(1))));
        Assert.Same(first, Assert.Throws<IOException>(() => writer.Finish()));
    }

    [Fact]
    public void Writing_allocates_nothing_per_packet()
    {
        using var writer = new WebMOpusWriter(new ForwardStream(Stream.Null), Head, new OpusTags(""));
        var packet = Packet(1, 200);
        for (var i = 0; i < 600; i++)
            writer.WritePacket(packet);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 5000; i++)
            writer.WritePacket(packet);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Packets_of_any_duration_and_size_come_back() => Fx.Check(
        FsCheck.Fluent.Gen.ArrayOf(FsCheck.Fluent.Gen.Choose(0, 31 * 2000)),
        values =>
        {
            byte[][] packets = [.. values.Select(value => (byte[])[(byte)(value % 32 << 3), .. new byte[value / 60]]), Packet(1)];
            Assert.Equal(packets, Read(Write(packets, 0), strict: true).Packets);
        });

    private static byte[] Write(
        byte[][] packets, int trimEnd, OpusTags? tags = null, OpusWriterOptions? options = null, bool canSeek = true)
    {
        var output = new MemoryStream();
        Stream stream = canSeek ? output : new ForwardStream(output);
        using var writer = new WebMOpusWriter(stream, Head, tags ?? new OpusTags(""), options);
        foreach (var packet in packets)
            writer.WritePacket(packet);
        writer.Finish(trimEnd);
        return output.ToArray();
    }

    /// <summary>Takes bytes and cannot seek.</summary>
    private sealed class ForwardStream(Stream target) : ForwardOnlyStream
    {
        public override bool CanWrite => true;

        public override void Write(ReadOnlySpan<byte> buffer) => target.Write(buffer);
    }
}
