using VoiceKit.Decoding.Tests.Support;
using VoiceKit.Opus;
using VoiceKit.Tests.Codecs;

namespace VoiceKit.Decoding.Tests;

/// <summary>The managed decoder does what every codec must do when it decodes.</summary>
public class ManagedOpusCodecTests() : OpusCodecTests(new DecodingOf(ManagedOpusCodec.Default))
{
    [Fact]
    public void Decoding_concealing_and_recovering_allocate_nothing()
    {
        (int, int, int)[] formats = [(12_000, 1, 48_000), (24_000, 1, 48_000), (32_000, 2, 16_000), (96_000, 2, 24_000)];
        foreach (var (bitrate, channels, rate) in formats)
        {
            using var decoder = ManagedOpusCodec.Default.CreateDecoder(rate, channels);
            var packets = Packets(new OpusEncoderOptions { Bitrate = bitrate, UseInBandFec = true, ExpectedPacketLoss = 20 });
            var pcm = new float[rate / 25 * 3 * channels];
            Run();
            var before = GC.GetAllocatedBytesForCurrentThread();
            Run();
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

            void Run()
            {
                foreach (var packet in packets)
                {
                    decoder.Decode(packet, pcm);
                    decoder.Conceal(pcm.AsSpan(0, rate / 50 * channels));
                    decoder.DecodeFec(packet, pcm.AsSpan(0, rate / 25 * channels));
                }

                decoder.Gain = (short)(decoder.Gain - 1);
                decoder.Reset();
            }
        }
    }

    [Fact]
    public void A_use_by_two_threads_is_refused_and_the_decoder_goes_on()
    {
        using var decoder = ManagedOpusCodec.Default.CreateDecoder(48_000, 2);
        var packet = Packets(new OpusEncoderOptions { PacketDuration = TimeSpan.FromMilliseconds(120) })[0];
        var refused = 0;
        var threads = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            var pcm = new float[5760 * 2];
            for (var i = 0; i < 5000 && Volatile.Read(ref refused) < 20; i++)
            {
                try
                {
                    Assert.Equal(5760, decoder.Decode(packet, pcm));
                }
                catch (InvalidOperationException)
                {
                    Interlocked.Increment(ref refused);
                }
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.NotEqual(0, refused);
        Assert.Equal(5760, decoder.Decode(packet, new float[5760 * 2]));
    }

    [Theory]
    [InlineData(-32_768)]
    [InlineData(-3000)]
    [InlineData(1)]
    [InlineData(1536)]
    [InlineData(32_767)]
    public void Gain_is_that_of_libopus(short gain)
    {
        using var decoder = new ManagedOpusDecoder(48_000, 1);
        using var reference = new Reference(48_000, 1);
        decoder.Gain = gain;
        reference.SetOutputGain(gain);
        var pcm = new float[960];
        var expected = new float[960];
        foreach (var packet in Packets(new OpusEncoderOptions()))
        {
            decoder.Decode(packet, pcm);
            reference.Decode(packet, expected);
            Assert.InRange(Likeness.Ratio(expected, pcm), 100, double.PositiveInfinity);
        }
    }

    [Fact]
    public void A_refused_packet_names_the_rule_and_changes_nothing()
    {
        var packets = Packets(new OpusEncoderOptions());
        using var decoder = ManagedOpusCodec.Default.CreateDecoder(48_000, 1);
        using var other = ManagedOpusCodec.Default.CreateDecoder(48_000, 1);
        var pcm = new float[5760];
        var same = new float[5760];
        foreach (var packet in packets)
        {
            var exception = Assert.Throws<VoiceFormatException>(() => decoder.Decode([0x4B, 0x80, 1], pcm));
            Assert.Contains("R5", exception.Message);
            Assert.Equal(0, exception.Offset);
            Assert.Throws<VoiceFormatException>(() => decoder.DecodeFec([0x4A, 200, 1], pcm.AsSpan(0, 960)));
            Assert.Throws<ArgumentException>(() => decoder.Decode(packet, pcm.AsSpan(0, 100)));
            Assert.Equal(960, decoder.Decode(packet, pcm));
            Assert.Equal(960, other.Decode(packet, same));
            Assert.Equal(same, pcm);
        }
    }
}
