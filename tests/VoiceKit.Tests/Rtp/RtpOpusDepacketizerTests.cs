using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using FsCheck.Fluent;
using VoiceKit.Containers;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Rtp;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Rtp;

public class RtpOpusDepacketizerTests
{
    [Fact]
    public void Packets_of_GStreamer_are_those_of_its_Ogg_file()
    {
        using var folder = new TemporaryFolder();
        Oracle.Run(
            "gst-launch-1.0", "-q", "audiotestsrc", "num-buffers=300", "samplesperbuffer=960", "wave=ticks", "!",
            "audio/x-raw,rate=48000,channels=1", "!", "opusenc", "!", "tee", "name=t",
            "t.", "!", "queue", "!", "oggmux", "!", "filesink", $"location={folder["a.ogg"]}",
            "t.",
            "!",
            "queue",
            "!",
            "rtpopuspay",
            "pt=97",
            "seqnum-offset=65400",
            "timestamp-offset=4294900000",
            "!",
            "rtpstreampay",
            "!", "filesink", $"location={folder["a.rtp"]}");
        var expected = OggPackets(folder["a.ogg"]);
        Assert.InRange(expected.Count, 298, 303);

        // RFC 4571: each packet behind its length.
        var datagrams = new List<byte[]>();
        ReadOnlySpan<byte> rest = File.ReadAllBytes(folder["a.rtp"]);
        while (rest.Length > 0)
        {
            var size = BinaryPrimitives.ReadUInt16BigEndian(rest);
            datagrams.Add(rest.Slice(2, size).ToArray());
            rest = rest[(2 + size)..];
        }

        var read = Depacketize(datagrams, new RtpOpusOptions { PayloadType = 97 }, out var statistics);
        Assert.Equal(expected, read.Select(packet => Convert.ToHexString(packet.Data)));
        Assert.Equal((0, 0, 0), (statistics.Lost, statistics.Late, statistics.Malformed));
        AssertWithoutGaps(read);
        Assert.Empty(Depacketize(datagrams, new RtpOpusOptions { PayloadType = 96 }, out _));
    }

    [Fact]
    public void Packets_of_ffmpeg_over_a_socket_are_those_of_the_file_that_it_sends()
    {
        using var folder = new TemporaryFolder();
        Oracle.Run("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=d=3", "-c:a", "libopus", "-b:a", "24k", folder["a.opus"]);
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Client.ReceiveBufferSize = 4 * 1024 * 1024;
        var port = ((IPEndPoint)socket.Client.LocalEndPoint!).Port;
        Oracle.Run("ffmpeg", "-v", "error", "-i", folder["a.opus"], "-c", "copy", "-f", "rtp", $"rtp://127.0.0.1:{port}");
        var datagrams = new List<byte[]>();
        while (socket.Available > 0)
        {
            IPEndPoint? sender = null;
            datagrams.Add(socket.Receive(ref sender));
        }

        var read = Depacketize(datagrams, null, out var statistics);
        Assert.Equal(OggPackets(folder["a.opus"]), read.Select(packet => Convert.ToHexString(packet.Data)));
        Assert.Equal(0, statistics.Lost);
        AssertWithoutGaps(read);
    }

    [Fact]
    public void Header_extension_sources_and_padding_are_passed_over()
    {
        byte[][] packets =
        [
            RtpBytes.Packet(1, 0, RtpBytes.Opus(1), sources: 15),
            RtpBytes.Packet(2, 960, RtpBytes.Opus(2), extension: new byte[8]),
            RtpBytes.Packet(3, 1920, RtpBytes.Opus(3), padding: 1),
            RtpBytes.Packet(4, 2880, RtpBytes.Opus(4), sources: 2, extension: [], padding: 255),
            RtpBytes.Packet(5, 3840, RtpBytes.Opus(5), type: 96 | 0x80),
        ];
        var read = Depacketize(packets, new RtpOpusOptions { PayloadType = 96 }, out _);
        Assert.Equal([1, 2, 3, 4, 5], read.Select(Number));
        AssertWithoutGaps(read);
    }

    [Fact]
    public void Packets_out_of_order_and_twice_come_out_in_order_and_once()
    {
        Fx.Check(Gen.Choose(0, 1_000_000), seed =>
        {
            var random = new Random(seed);
            var stream = RtpBytes.Stream(120, random.Next(65_536), (uint)random.NextInt64(uint.MaxValue));

            // Each is moved by up to 30 places, but the first, before which nothing is known.
            var shuffled = stream.Select((packet, i) => (packet, At: i == 0 ? -1 : i + random.NextDouble() * 30))
                .OrderBy(item => item.At).Select(item => item.packet).ToList();
            for (var n = 0; n < 20; n++)
            {
                var at = random.Next(shuffled.Count);
                shuffled.Insert(random.Next(at, Math.Min(shuffled.Count, at + 40)), shuffled[at]);
            }

            var read = Depacketize(shuffled, new RtpOpusOptions { Window = 64 }, out var statistics);
            Assert.Equal(Enumerable.Range(0, 120), read.Select(Number));
            AssertWithoutGaps(read);
            Assert.Equal((120, 20, 0, 0), (statistics.Delivered, statistics.Duplicates, statistics.Lost, statistics.Late));
            Assert.True(statistics.Reordered > 0);
        }, 100);
    }

    [Fact]
    public void Lost_packets_are_counted_and_their_time_is_told()
    {
        Fx.Check(Gen.Choose(0, 1_000_000), seed =>
        {
            var random = new Random(seed);
            var kept = Enumerable.Range(0, 200).Where(i => i is 0 or 199 || random.Next(4) > 0).ToList();
            var stream = RtpBytes.Stream(200);
            var window = random.Next(1, 100);
            var read = Depacketize(kept.Select(i => stream[i]), new RtpOpusOptions { Window = window }, out var statistics);
            Assert.Equal(kept, read.Select(Number));
            Assert.Equal(kept.Select(i => 960L * i), read.Select(packet => packet.Info.Position));
            Assert.Equal(kept.Zip(kept.Prepend(-1), (i, before) => i - before - 1), read.Select(packet => packet.Lost));
            Assert.All(read, packet => Assert.Equal(960 * packet.Lost, packet.Info.LostBefore));
            Assert.Equal(200 - kept.Count, statistics.Lost);
        }, 100);
    }

    [Fact]
    public void Silence_that_was_not_sent_is_time_but_no_loss()
    {
        byte[][] packets = [RtpBytes.Packet(1, 0, RtpBytes.Opus(1)), RtpBytes.Packet(
            2, 960 * 21 + 7, RtpBytes.Opus(2)), RtpBytes.Packet(
            3, 960 * 22 + 7, RtpBytes.Opus(3))];
        var read = Depacketize(packets, null, out var statistics);
        Assert.Equal([0, 960 * 20, 0], read.Select(packet => packet.Info.LostBefore));
        Assert.Equal([0, 960 * 21, 960 * 22], read.Select(packet => packet.Info.Position));
        Assert.All(read, packet => Assert.Equal(0, packet.Lost));
        Assert.Equal(0, statistics.Lost);
    }

    [Fact]
    public void A_packet_is_given_up_when_the_window_is_full_and_comes_too_late_then()
    {
        var stream = RtpBytes.Stream(10);
        var depacketizer = new RtpOpusDepacketizer(new RtpOpusOptions { Window = 4 });
        Assert.Equal([0], PushAndRead(depacketizer, stream[0]));
        foreach (var i in new[] { 2, 3, 4 })
            Assert.Empty(PushAndRead(depacketizer, stream[i]));
        Assert.Equal([2, 3, 4, 5], PushAndRead(depacketizer, stream[5]));
        Assert.False(depacketizer.Push(stream[1]));
        Assert.False(depacketizer.Push(stream[3]));
        Assert.Equal((1, 1, 1), (depacketizer.Statistics.Lost, depacketizer.Statistics.Late, depacketizer.Statistics.Duplicates));
    }

    [Fact]
    public void Another_source_takes_over_with_its_second_packet_and_time_goes_on()
    {
        var packets = RtpBytes.Stream(5).Concat(RtpBytes.Stream(5, 77, 123_456, ssrc: 2)).ToList();
        var read = Depacketize(packets, null, out var statistics);
        Assert.Equal([0, 1, 2, 3, 4, 0, 1, 2, 3, 4], read.Select(Number));
        AssertWithoutGaps(read);
        Assert.Equal((1, 0), (statistics.Restarts, statistics.Lost));

        // One that has got lost among them is none, and a fixed source stays.
        packets = [.. RtpBytes.Stream(5)];
        packets.Insert(2, RtpBytes.Packet(9, 9, RtpBytes.Opus(9), ssrc: 7));
        read = Depacketize(packets, null, out statistics);
        Assert.Equal([0, 1, 2, 3, 4], read.Select(Number));
        Assert.Equal((0, 1), (statistics.Restarts, statistics.Ignored));
        packets = [.. RtpBytes.Stream(5), .. RtpBytes.Stream(5, ssrc: 2)];
        Assert.Equal(5, Depacketize(packets, new RtpOpusOptions { Ssrc = 2 }, out statistics).Count);
        Assert.Equal(5, statistics.Ignored);
    }

    [Fact]
    public void A_source_that_begins_anew_goes_on()
    {
        foreach (var sequence in new[] { 30_000, 200, 65_536 - 300 })
        foreach (var window in new[] { 1, 8 })
        {
            var packets = RtpBytes.Stream(5, 500, 1000).Concat(RtpBytes.Stream(5, sequence, 4_000_000_000));
            if (sequence == 200)
                packets = RtpBytes.Stream(5, 500, 1000).Concat(RtpBytes.Stream(5, 200, 0));
            var read = Depacketize(packets, new RtpOpusOptions { Window = window }, out var statistics);
            Assert.Equal([0, 1, 2, 3, 4, 0, 1, 2, 3, 4], read.Select(Number));
            AssertWithoutGaps(read);
            Assert.Equal((1, 0), (statistics.Restarts, statistics.Lost));
        }
    }

    [Fact]
    public void A_jump_of_the_clock_is_no_time()
    {
        foreach (var jump in new[] { 31 * 48_000, -960, int.MaxValue, int.MinValue })
        {
            byte[][] packets = [RtpBytes.Packet(1, 5000, RtpBytes.Opus(1)), RtpBytes.Packet(
                2, (uint)(5960 + jump), RtpBytes.Opus(2))];
            AssertWithoutGaps(Depacketize(packets, null, out _));
        }

        byte[][] allowed = [RtpBytes.Packet(1, 0, RtpBytes.Opus(1)), RtpBytes.Packet(2, 960 + 31 * 48_000, RtpBytes.Opus(2))];
        var read = Depacketize(allowed, new RtpOpusOptions { MaxGap = TimeSpan.FromSeconds(31) }, out _);
        Assert.Equal(31 * 48_000, read[1].Info.LostBefore);
    }

    [Fact]
    public void Other_payloads_of_the_source_and_RTCP_are_no_loss()
    {
        byte[][] packets =
        [
            RtpBytes.Packet(1, 0, RtpBytes.Opus(1)),
            RtpBytes.Packet(2, 960, [1, 2, 3, 4], type: 101),
            [0x80, 200, 0, 6, .. new byte[24]],
            RtpBytes.Packet(3, 960, []),
            RtpBytes.Packet(4, 960, RtpBytes.Opus(4)),
        ];
        var read = Depacketize(packets, new RtpOpusOptions { PayloadType = 96 }, out var statistics);
        Assert.Equal([1, 4], read.Select(Number));
        AssertWithoutGaps(read);
        Assert.Equal((0, 3, 0), (statistics.Lost, statistics.Ignored, statistics.Malformed));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    public void Other_payloads_that_come_late_or_twice_are_ignored_once(int window)
    {
        byte[][] packets =
        [
            RtpBytes.Packet(1, 0, RtpBytes.Opus(1)),
            RtpBytes.Packet(3, 960, [1, 2, 3, 4], type: 101),
            RtpBytes.Packet(3, 960, [1, 2, 3, 4], type: 101),
            RtpBytes.Packet(2, 960, RtpBytes.Opus(2)),
            RtpBytes.Packet(3, 960, [1, 2, 3, 4], type: 101),
            RtpBytes.Packet(4, 1920, RtpBytes.Opus(4)),
        ];
        Depacketize(packets, new RtpOpusOptions { PayloadType = 96, Window = window }, out var statistics);
        Assert.Equal(3, statistics.Ignored);
        Assert.Equal(0, statistics.Duplicates);
        Assert.Equal(packets.Length, statistics.Delivered + statistics.Late + statistics.Ignored);
    }

    [Fact]
    public void Broken_packets_are_counted_and_left_out()
    {
        byte[][] broken =
        [
            [], [0x80], new byte[12], [.. RtpBytes.Packet(1, 0, [])[..11]],
            [0x8F, .. RtpBytes.Packet(1, 0, [0x48])[1..]],
            [0x90, .. RtpBytes.Packet(1, 0, [0x48])[1..]],
            [0x90, .. RtpBytes.Packet(1, 0, [0, 0, 0, 9])[1..]],
            [0xA0, .. RtpBytes.Packet(1, 0, [])[1..]],
            [0xA0, .. RtpBytes.Packet(1, 0, [0x48, 0])[1..]],
            [0xA0, .. RtpBytes.Packet(1, 0, [0x48, 3])[1..]],
        ];
        var depacketizer = new RtpOpusDepacketizer();
        Assert.All(broken, packet => Assert.False(depacketizer.Push(packet)));
        Assert.Equal(broken.Length, depacketizer.Statistics.Malformed);

        byte[][] badOpus = [RtpBytes.Packet(1, 0, RtpBytes.Opus(1)), RtpBytes.Packet(2, 960, [0x49, 1]), RtpBytes.Packet(
            3, 1920, RtpBytes.Opus(3))];
        var read = Depacketize(badOpus, null, out var statistics);
        Assert.Equal([1, 3], read.Select(Number));
        Assert.Equal((960, 0), (read[1].Info.LostBefore, read[1].Lost));
        Assert.Equal((1, 0), (statistics.Malformed, statistics.Lost));
    }

    [Fact]
    public void Mutated_streams_never_throw_and_every_packet_is_accounted_for()
    {
        var random = new Random(3550);
        for (var i = 0; i < 1000; i++)
        {
            var packets = RtpBytes.Stream(60).ToList();
            for (var n = random.Next(1, 20); n > 0; n--)
            {
                var at = random.Next(packets.Count);
                var packet = packets[at].ToArray();
                if (packet.Length == 0)
                    continue;
                packet[random.Next(packet.Length)] = (byte)random.Next(256);
                packets[at] = packet[..random.Next(random.Next(3) == 0 ? 0 : packet.Length, packet.Length + 1)];
            }

            var read = Depacketize(packets, new RtpOpusOptions { Window = random.Next(1, 30) }, out var statistics);
            Assert.Equal(60, statistics.Received);
            Assert.Equal(read.Count, statistics.Delivered);
            var accounted =
                statistics.Delivered + statistics.Late + statistics.Duplicates + statistics.Malformed + statistics.Ignored;
            Assert.Equal(60, accounted);
            for (var n = 1; n < read.Count; n++)
                Assert.Equal(
                    read[n].Info.Position, read[n - 1].Info.Position + read[n - 1].Info.Duration + read[n].Info.LostBefore);
        }
    }

    [Fact]
    public void Wrong_use_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RtpOpusOptions { PayloadType = 128 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RtpOpusOptions { Window = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RtpOpusOptions { MaxGap = TimeSpan.FromHours(2) });
        var depacketizer = new RtpOpusDepacketizer();
        Assert.False(depacketizer.Read());
        depacketizer.Push(RtpBytes.Stream(1)[0]);
        Assert.Throws<InvalidOperationException>(() => depacketizer.Push(RtpBytes.Stream(1)[0]));
        Assert.True(depacketizer.Read());
        Assert.Equal(
            (65_500, uint.MaxValue - 5000, 1u), (depacketizer.SequenceNumber, depacketizer.Timestamp, depacketizer.Ssrc));
        Assert.False(depacketizer.Read());
        Assert.True(depacketizer.Packet.IsEmpty);
        depacketizer.Complete();
        Assert.Throws<InvalidOperationException>(() => depacketizer.Push(RtpBytes.Stream(1)[0]));
    }

    [Fact]
    public void Steady_state_allocates_nothing()
    {
        var stream = RtpBytes.Stream(3000);
        (stream[1501], stream[1500]) = (stream[1500], stream[1501]);
        var depacketizer = new RtpOpusDepacketizer(new RtpOpusOptions { Window = 16 });
        var first = Run(0, 1000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var second = Run(1000, 3000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal((1000, 2000), (first, second));

        int Run(int start, int end)
        {
            var count = 0;
            for (var i = start; i < end; i++)
            {
                depacketizer.Push(stream[i]);
                while (depacketizer.Read())
                    count++;
            }

            return count;
        }
    }

    private static List<(byte[] Data, OpusPacketInfo Info, int Lost)> Depacketize(
        IEnumerable<byte[]> packets, RtpOpusOptions? options, out RtpOpusStatistics statistics)
    {
        var depacketizer = new RtpOpusDepacketizer(options);
        var read = new List<(byte[], OpusPacketInfo, int)>();
        foreach (var packet in packets)
        {
            depacketizer.Push(packet);
            while (depacketizer.Read())
                read.Add((depacketizer.Packet.ToArray(), depacketizer.PacketInfo, depacketizer.LostPackets));
        }

        depacketizer.Complete();
        while (depacketizer.Read())
            read.Add((depacketizer.Packet.ToArray(), depacketizer.PacketInfo, depacketizer.LostPackets));
        statistics = depacketizer.Statistics;
        return read;
    }

    private static List<int> PushAndRead(RtpOpusDepacketizer depacketizer, byte[] packet)
    {
        depacketizer.Push(packet);
        var read = new List<int>();
        while (depacketizer.Read())
            read.Add(Number((depacketizer.Packet.ToArray(), default, 0)));
        return read;
    }

    private static int Number((byte[] Data, OpusPacketInfo Info, int Lost) packet) => packet.Data[1] << 8 | packet.Data[2];

    private static void AssertWithoutGaps(List<(byte[] Data, OpusPacketInfo Info, int Lost)> read)
    {
        var position = 0L;
        foreach (var (_, info, lost) in read)
        {
            Assert.Equal((position, 0, 0), (info.Position, info.LostBefore, lost));
            position += info.Duration;
        }
    }

    private static List<string> OggPackets(string path)
    {
        using var reader = OggOpusReader.Open(File.OpenRead(path));
        var packets = new List<string>();
        while (reader.Read())
            packets.Add(Convert.ToHexString(reader.Packet));
        return packets;
    }
}
