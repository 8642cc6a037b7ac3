using VoiceKit.Decoding.Tests.Support;
using VoiceKit.Opus;
using VoiceKit.Opus.Decoding.Celt;
using VoiceKit.Opus.Decoding.Range;

namespace VoiceKit.Decoding.Tests.Celt;

/// <summary>The CELT decoder by itself.</summary>
public class CeltDecoderTests
{
    private const int LowDelay = 2051;

    [Theory]
    [InlineData(48_000, 2)]
    [InlineData(16_000, 1)]
    public void Nothing_is_allocated_for_a_frame(int rate, int channels)
    {
        var packets = Encode(frameSize: 960, frames: 100);
        var decoder = new CeltDecoder(rate, channels) { StreamChannels = 2 };
        var pcm = new float[rate / 50 * channels];
        DecodeAll(decoder, packets, pcm);

        var before = GC.GetAllocatedBytesForCurrentThread();
        DecodeAll(decoder, packets, pcm);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Hybrid_bands_are_silent_at_16_kilohertz_and_cost_nothing()
    {
        var decoder = new CeltDecoder(16_000, 1) { StartBand = 17 };
        var pcm = new float[320];
        var random = new Random(4);
        for (var i = 0; i < 50; i++)
        {
            var frame = new byte[40];
            random.NextBytes(frame);
            var range = new RangeDecoder(frame);
            decoder.Decode(ref range, 320, pcm, accumulate: false);
            Assert.All(pcm, x => Assert.Equal(0, x));
        }
    }

    [Fact]
    public void After_a_reset_the_same_frames_are_the_same_samples()
    {
        var packets = Encode(frameSize: 480, frames: 60);
        var decoder = new CeltDecoder(48_000, 2) { StreamChannels = 2 };
        var first = Collect(decoder, packets);
        decoder.Reset();
        Assert.Equal(first, Collect(decoder, packets));
    }

    private static float[] Collect(CeltDecoder decoder, List<byte[]> packets)
    {
        var all = new List<float>();
        var pcm = new float[480 * 2];
        foreach (var packet in packets)
        {
            var range = new RangeDecoder(packet.AsSpan(1));
            decoder.Decode(ref range, 480, pcm, accumulate: false);
            all.AddRange(pcm);
        }

        decoder.Conceal(480, pcm, accumulate: false);
        all.AddRange(pcm);
        return [.. all];
    }

    private static void DecodeAll(CeltDecoder decoder, List<byte[]> packets, Span<float> pcm)
    {
        for (var i = 0; i < packets.Count; i++)
        {
            var frames = pcm.Length / (pcm.Length > 640 ? 2 : 1);
            if (i % 20 == 13)
            {
                decoder.Conceal(frames, pcm, accumulate: false);
                continue;
            }

            var range = new RangeDecoder(packets[i].AsSpan(1));
            decoder.Decode(ref range, frames, pcm, accumulate: false);
        }
    }

    private static List<byte[]> Encode(int frameSize, int frames)
    {
        using var encoder = new ReferenceEncoder(2, LowDelay);
        encoder.Set(EncoderRequest.Bitrate, 96_000);
        encoder.Set(EncoderRequest.ForceChannels, 2);
        var sound = new RandomSound(new Random(3), 2);
        var pcm = new float[frameSize * 2];
        var packet = new byte[OpusPacket.MaxEncodedSize];
        var packets = new List<byte[]>();
        for (var i = 0; i < frames; i++)
        {
            sound.Fill(pcm);
            var length = encoder.Encode(pcm, packet);
            if (OpusPacket.Parse(packet.AsSpan(0, length)).Toc is { Code: 0, Bandwidth: OpusBandwidth.Fullband })
                packets.Add(packet[..length]);
        }

        return packets;
    }
}
