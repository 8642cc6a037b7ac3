using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Opus;

public class OpusMultistreamTests
{
    public OpusMultistreamTests() => Requires.Library(LibOpus.Library);

    [Theory]
    [InlineData(3, 960, 96_000)]
    [InlineData(4, 1920, 64_000)]
    [InlineData(5, 2880, 48_000)]
    [InlineData(6, 480, 256_000)]
    [InlineData(6, 5760, 64_000)]
    [InlineData(7, 960, 500_000)]
    [InlineData(8, 120, 512_000)]
    public void Streams_decoded_one_by_one_are_what_libopus_decodes_together(int channels, int frameSize, int bitrate)
    {
        var (packets, streams, coupled, mapping) = LibOpus.EncodeSurround(Pcm(channels), channels, frameSize, bitrate);
        AssertDecodesAlike(packets, channels, streams, coupled, mapping, frameSize);
    }

    [Theory]
    [InlineData("ffmpeg", 20)]
    [InlineData("ffmpeg", 60)]
    [InlineData("ffmpeg", 120)]
    [InlineData("opusenc", 20)]
    [InlineData("opusenc", 40)]
    public void Files_of_six_channels_are_split(string program, int milliseconds)
    {
        using var folder = new TemporaryFolder();
        Oracle.Run(
            "ffmpeg", "-v", "error", "-f", "lavfi", "-i",
            "aevalsrc=sin(440*t)|sin(660*t)*lt(t\\,1)|0.3*sin(880*t)|0.1*sin(90*t)|random(0)*0.2|sin(1000*t*t):s=48000:c=5.1:d=2",
            folder["in.wav"]);
        if (program == "ffmpeg")
        {
            Oracle.Run(
                "ffmpeg", "-v", "error", "-i", folder["in.wav"], "-c:a", "libopus", "-mapping_family", "1", "-b:a", "192k",
                "-frame_duration", $"{milliseconds}", folder["6.opus"]);
        }
        else
        {
            Oracle.Run("opusenc", "--quiet", "--framesize", $"{milliseconds}", folder["in.wav"], folder["6.opus"]);
        }

        using var reader = OggOpusReader.Open(File.OpenRead(folder["6.opus"]));
        Assert.Equal((6, 4, 2), (reader.Head.Channels, reader.Head.StreamCount, reader.Head.CoupledStreamCount));
        var packets = new List<byte[]>();
        while (reader.Read())
            packets.Add(reader.Packet.ToArray());
        Assert.Empty(reader.Defects);
        Assert.InRange(packets.Count, 2000 / milliseconds, 2000 / milliseconds + 3);
        AssertDecodesAlike([.. packets], 6, 4, 2, reader.Head.Mapping.ToArray(), milliseconds * 48);
    }

    [Fact]
    public void Streams_of_any_framing_come_back_as_they_went_in()
    {
        var random = new Random(6716);
        for (var i = 0; i < 2000; i++)
        {
            var streams = Streams(random);
            var packet = new OpusMultistreamPacket(streams.Length);
            Assert.Equal(OpusPacketFault.None, packet.Split(Join(streams)));
            Assert.Equal(OpusPacket.Parse(streams[0]).Duration, packet.Duration);
            for (var stream = 0; stream < streams.Length; stream++)
                Assert.Equal(streams[stream], packet.GetStream(stream).ToArray());
        }
    }

    [Fact]
    public void Broken_packets_are_refused_exactly_where_libopus_refuses_them()
    {
        var random = new Random(7845);
        var refused = 0;
        for (var i = 0; i < 1300; i++)
        {
            var streams = Streams(random);
            var data = Join(streams);
            for (var n = random.Next(1, 4); n > 0; n--)
                data[random.Next(2) == 0 ? random.Next(data.Length) : random.Next(
                    Math.Min(6, data.Length))] = (byte)random.Next(256);
            if (random.Next(3) == 0)
                data = data[..random.Next(1, data.Length + 1)];

            var packet = new OpusMultistreamPacket(streams.Length);
            var fault = packet.Split(data);
            var mapping = Enumerable.Range(0, streams.Length).Select(stream => (byte)stream).ToArray();
            var decoded = LibOpus.DecodeMultistream([data], streams.Length, streams.Length, 0, mapping)[0];
            Assert.Equal(decoded is null, fault != OpusPacketFault.None);
            if (fault != OpusPacketFault.None)
            {
                refused++;
                Assert.Equal(0, packet.Duration);
                continue;
            }

            Assert.Equal(decoded!.Length / streams.Length, packet.Duration);
            for (var stream = 0; stream < streams.Length; stream++)
                Assert.Equal(packet.Duration, OpusPacket.Parse(packet.GetStream(stream)).Duration);
        }

        Assert.InRange(refused, 325, 1235);
    }

    [Fact]
    public void Streams_of_different_durations_are_refused()
    {
        Assert.Equal(OpusPacketFault.StreamDurations, OpusPacketLayout.ReadDuration([0x48, 1, 9, 0x50, 9], 2, out var duration));
        Assert.Equal(0, duration);
        Assert.Equal(OpusPacketFault.StreamDurations, OpusPacketLayout.ReadDuration([0x48, 0, 0x50, 0, 0x48], 3, out _));
        Assert.Equal(OpusPacketFault.None, OpusPacketLayout.ReadDuration([0x48, 1, 9, 0x48, 9], 2, out _));
        Assert.Equal(OpusPacketFault.Empty, OpusPacketLayout.ReadDuration([0x48, 1, 9], 2, out _));
        Assert.Equal(OpusPacketFault.Delimiting, OpusPacketLayout.ReadDuration([0x48, 2, 9], 2, out _));
    }

    [Fact]
    public void Steady_state_allocates_nothing()
    {
        var (packets, streams, _, _) = LibOpus.EncodeSurround(Pcm(6), 6, 960, 256_000);
        var packet = new OpusMultistreamPacket(streams);
        SplitAll();
        var before = GC.GetAllocatedBytesForCurrentThread();
        SplitAll();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(960, packet.Duration);

        void SplitAll()
        {
            foreach (var data in packets)
                packet.Split(data);
        }
    }

    private static void AssertDecodesAlike(byte[][] packets, int channels, int streams, int coupled, byte[] mapping, int duration)
    {
        var expected = LibOpus.DecodeMultistream(packets, channels, streams, coupled, mapping);
        var split = new OpusMultistreamPacket(streams);
        var perStream = Enumerable.Range(0, streams).Select(_ => new List<byte[]>()).ToArray();
        foreach (var data in packets)
        {
            Assert.Equal(OpusPacketFault.None, split.Split(data));
            // The last packet of opusenc is as short as what is left.
            Assert.True(split.Duration == duration || (data == packets[^1] && split.Duration < duration));
            for (var stream = 0; stream < streams; stream++)
                perStream[stream].Add(split.GetStream(stream).ToArray());
        }

        var together = expected.SelectMany(pcm => pcm!).ToArray();
        Assert.Contains(together, value => Math.Abs(value) > 0.1f);
        for (var channel = 0; channel < channels; channel++)
        {
            // §5.1.1: of N + M decoded channels the first 2 × M come of coupled streams.
            var index = mapping[channel];
            var isCoupled = index < 2 * coupled;
            var decoded = OpusSamples.Decode(perStream[isCoupled ? index / 2 : index - coupled], isCoupled ? 2 : 1);
            var own = isCoupled ? decoded.Where((_, i) => i % 2 == index % 2) : decoded;
            Assert.Equal(together.Where((_, i) => i % channels == channel), own);
        }
    }

    private static float[] Pcm(int channels)
    {
        var frames = 48_000;
        var pcm = new float[frames * channels];
        for (var channel = 0; channel < channels; channel++)
        {
            var voice = Signals.Voice(frames + 5000 * channel);
            for (var i = 0; i < frames; i++)
                pcm[i * channels + channel] = voice[i + 5000 * channel] / (1 + channel / 3f);
        }

        return pcm;
    }

    // Packets of one frame size and count, so that all last alike, framed in any way.
    private static byte[][] Streams(Random random)
    {
        var count = random.Next(2, 6);
        while (true)
        {
            var first = OpusSamples.Make(random);
            var streams = new List<byte[]> { first };
            for (var tries = 0; tries < 200 && streams.Count < count; tries++)
            {
                var next = OpusSamples.Make(random);
                if (OpusPacket.Parse(next).Duration == OpusPacket.Parse(first).Duration)
                    streams.Add(next);
            }

            if (streams.Count == count)
                return [.. streams];
        }
    }

    // Appendix B: all but the last with one length more, before the first frame.
    private static byte[] Join(byte[][] streams)
    {
        var data = new List<byte>();
        foreach (var stream in streams.SkipLast(1))
        {
            var packet = OpusPacket.Parse(stream);
            var frames = 0;
            for (var i = 0; i < packet.FrameCount; i++)
                frames += packet.GetFrame(i).Length;
            var framesAt = stream.Length - packet.PaddingSize - frames;
            data.AddRange(stream[..framesAt]);
            data.AddRange(OpusSamples.Length(packet.GetFrame(packet.FrameCount - 1).Length));
            data.AddRange(stream[framesAt..]);
        }

        data.AddRange(streams[^1]);
        return [.. data];
    }
}
