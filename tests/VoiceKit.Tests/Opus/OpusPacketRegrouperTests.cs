using FsCheck.Fluent;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Opus;

public class OpusPacketRegrouperTests
{
    [Fact]
    public void Packets_of_20_ms_become_packets_of_three_and_20_ms_again()
    {
        var packets = OpusSamples.Encode(new OpusEncoderOptions { SampleRate = 16_000, Bitrate = 16_000 }, 5000);
        var grouped = Regroup(packets, 60);
        Assert.Equal((packets.Count + 2) / 3, grouped.Count);
        Assert.All(grouped.SkipLast(1), packet => Assert.Equal(2880, OpusPacket.Parse(packet).Duration));
        Assert.Equal(OpusSamples.Decode(packets), OpusSamples.Decode(grouped));
        Assert.Equal(packets, Regroup(grouped, 20));
    }

    [Fact]
    public void Regrouped_files_conform_and_sound_the_same_to_opusdec()
    {
        using var folder = new TemporaryFolder();
        var source = OpusSamples.Encode(new OpusEncoderOptions { SampleRate = 16_000, Bitrate = 16_000 }, 4000);
        var expected = Write("20.opus", source);
        foreach (var duration in new[] { 20, 40, 60, 80, 120 })
            Assert.Equal(expected, Write($"{duration}.opus", Regroup(source, duration, forceCode3: true)));

        float[] Write(string name, List<byte[]> packets)
        {
            using (var writer = new OggOpusWriter(File.Create(folder[name]), new OpusHead(1, 312, 16_000), new OpusTags("test")))
            {
                packets.ForEach(packet => writer.WritePacket(packet));
                writer.Finish(7);
            }

            Assert.Empty(Oracle.Warnings(folder[name]));
            return Oracle.OpusDec(folder[name]);
        }
    }

    [Fact]
    public void Any_packets_keep_their_frames_in_order_and_no_packet_is_longer_than_need_be()
    {
        double[] durations = [2.5, 5, 10, 20, 40, 60, 80, 100, 120];
        Fx.Check(Gen.Choose(0, 1_000_000), seed =>
        {
            var random = new Random(seed);
            var toc = random.Next(256);
            var packets = Enumerable.Range(0, random.Next(20))
                .Select(_ => OpusSamples.Make(random, random.Next(5) == 0 ? toc = random.Next(256) : toc & ~3 | random.Next(4)))
                .ToList();
            var wanted = durations[random.Next(durations.Length)];
            var grouped = Regroup(packets, wanted, random.Next(2) == 0);
            Assert.Equal(Frames(packets), Frames(grouped));
            for (var i = 0; i < grouped.Count; i++)
            {
                var packet = OpusPacket.Parse(grouped[i]);
                Assert.True(packet.Duration <= wanted * 48 || packet.FrameCount == 1);
                if (i + 1 == grouped.Count || (grouped[i + 1][0] ^ grouped[i][0]) >= 4)
                    continue;
                Assert.True(packet.Duration + packet.Toc.FrameDuration > wanted * 48, "A packet is shorter than it could be.");
            }
        }, 500);
    }

    [Fact]
    public void A_change_of_mode_ends_the_packet_early()
    {
        byte[] wideband = [0x48, 1], fullband = [0x78, 2];
        var grouped = Regroup([wideband, wideband, fullband, fullband, fullband, fullband], 60);
        Assert.Equal([1920, 2880, 960], grouped.Select(packet => OpusPacket.Parse(packet).Duration));
    }

    [Fact]
    public void A_packet_comes_out_as_soon_as_it_is_full()
    {
        var regrouper = new OpusPacketRegrouper(TimeSpan.FromMilliseconds(40));
        regrouper.Push([0x48, 1]);
        Assert.False(regrouper.Read());
        regrouper.Push([0x48, 2]);
        Assert.True(regrouper.Read());
        Assert.Equal([0x49, 1, 2], regrouper.Packet.ToArray());
        Assert.Equal(1920, regrouper.Duration);
        Assert.False(regrouper.Read());
        Assert.True(regrouper.Packet.IsEmpty);
    }

    [Fact]
    public void Wrong_use_is_refused_and_a_broken_packet_is_left_out()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new OpusPacketRegrouper(TimeSpan.FromMilliseconds(30)));
        var regrouper = new OpusPacketRegrouper(TimeSpan.FromMilliseconds(40));
        Assert.Throws<VoiceFormatException>(() => regrouper.Push([]));
        regrouper.Push([0x48, 1]);
        Assert.Throws<InvalidOperationException>(() => regrouper.Push([0x48, 1]));
        Assert.False(regrouper.Read());
        regrouper.Complete();
        Assert.Throws<InvalidOperationException>(() => regrouper.Push([0x48, 1]));
        Assert.True(regrouper.Read());
        Assert.False(regrouper.Read());
        regrouper.Reset();
        regrouper.Push([0x48, 1]);
        Assert.False(regrouper.Read());
    }

    [Fact]
    public void Steady_state_allocates_nothing()
    {
        var packets = OpusSamples.Encode(new OpusEncoderOptions { SampleRate = 16_000 }, 3000);
        var regrouper = new OpusPacketRegrouper(TimeSpan.FromMilliseconds(60));
        var first = Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var second = Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(50, first);
        Assert.Equal(first, second);

        int Run()
        {
            var count = 0;
            regrouper.Reset();
            foreach (var packet in packets)
            {
                regrouper.Push(packet);
                while (regrouper.Read())
                    count++;
            }

            return count;
        }
    }

    private static List<byte[]> Regroup(List<byte[]> packets, double milliseconds, bool forceCode3 = false)
    {
        var regrouper = new OpusPacketRegrouper(TimeSpan.FromMilliseconds(milliseconds), forceCode3);
        var result = new List<byte[]>();
        foreach (var packet in packets)
        {
            regrouper.Push(packet);
            while (regrouper.Read())
                result.Add(regrouper.Packet.ToArray());
        }

        regrouper.Complete();
        while (regrouper.Read())
            result.Add(regrouper.Packet.ToArray());
        return result;
    }

    private static List<string> Frames(List<byte[]> packets)
    {
        var frames = new List<string>();
        foreach (var data in packets)
        {
            var packet = OpusPacket.Parse(data);
            for (var i = 0; i < packet.FrameCount; i++)
                frames.Add($"{packet.Toc.Value >> 2:X2} {Convert.ToHexString(packet.GetFrame(i))}");
        }

        return frames;
    }
}
