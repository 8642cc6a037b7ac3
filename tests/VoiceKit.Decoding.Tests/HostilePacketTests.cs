using VoiceKit.Decoding.Tests.Support;
using VoiceKit.Opus;

namespace VoiceKit.Decoding.Tests;

/// <summary>Packets that no encoder has made: broken ones and random bytes.</summary>
public class HostilePacketTests(ITestOutputHelper output)
{
    private const int PacketsPerStream = 100;

    private const double MinRatio = 60;

    /// <summary>
    /// What a broken stream may reach: the energy of a band ends at 2^32 of the scale in which full scale is 32768.
    /// </summary>
    private const float Limit = 1 << 25;

    private static readonly int Streams = (Volume.Packets ?? 4000) / PacketsPerStream;

    [Fact]
    public void Mutated_packets_decode_as_with_libopus()
    {
        var random = new Random(Volume.Seed * 1_000_003 + 3);
        var figures = new Figures();
        for (var stream = 0; stream < Streams; stream++)
        {
            using var packets = new RandomStream(random);
            CompareHostile(random, () => Mutate(random, packets.Next()), stream, figures);
        }

        output.WriteLine($"Mutated: {figures}");
    }

    /// <summary>
    /// Random bytes behind TOCs of any kind, of SILK and hybrid alone, and of CELT alone: of these most can be compared, since
    /// nothing is made up at changes of mode.
    /// </summary>
    [Fact]
    public void Random_packets_decode_as_with_libopus()
    {
        var random = new Random(Volume.Seed * 1_000_003 + 4);
        var figures = new Figures();
        for (var stream = 0; stream < Streams; stream++)
        {
            var mode = stream % 3;
            CompareHostile(random, () => MakeRandom(random, mode), stream, figures);
        }

        output.WriteLine($"Random: {figures}");
    }

    /// <summary>Each packet is the first of its stream: none of what is decoded goes on with what came before.</summary>
    [Fact]
    public void Random_packets_decode_as_with_libopus_at_the_start_of_a_stream()
    {
        var random = new Random(Volume.Seed * 1_000_003 + 5);
        var figures = new Figures();
        for (var stream = 0; stream < Streams; stream++)
            CompareHostile(random, () => MakeRandom(random, 0), stream, figures, areFirst: true);
        output.WriteLine($"Random, each the first: {figures}");
    }

    private static void CompareHostile(Random random, Func<byte[]> next, int stream, Figures figures, bool areFirst = false)
    {
        var rate = new[] { 8000, 12_000, 16_000, 24_000, 48_000 }[random.Next(5)];
        var channels = random.Next(1, 3);
        using var decoder = new ManagedOpusDecoder(rate, channels);
        using var reference = new Reference(rate, channels);
        var pcm = new float[rate / 25 * 3 * channels];
        var expected = new float[pcm.Length];
        var madeUp = new MadeUpSound(rate);
        for (var i = 0; i < PacketsPerStream; i++)
        {
            var packet = next();
            if (areFirst)
            {
                decoder.Reset();
                reference.Reset();
                madeUp.Reset();
            }

            var where = $"stream {stream}, packet {i}: {Convert.ToBase64String(packet)}";
            figures.Packets++;
            var isValid = OpusPacket.TryParse(packet, out _);
            Assert.True(reference.TryDecode(packet, expected, out var frames) == isValid, $"libopus does not agree: {where}");
            if (!isValid)
            {
                Assert.Throws<VoiceFormatException>(() => decoder.Decode(packet, pcm));
                continue;
            }

            figures.Valid++;
            Assert.Equal(frames, decoder.Decode(packet, pcm));
            Assert.True(reference.FinalRange == decoder.FinalRange, $"The final range is wrong: {where}");
            var actual = pcm.AsSpan(0, frames * channels);
            Assert.True(actual.IndexOfAnyExceptInRange(-Limit, Limit) < 0, $"It is too loud or no number: {where}");
            if (madeUp.IsNear(packet) || (madeUp.IsNearInCelt && decoder.HasLeadingRedundancy))
                continue;
            var ratio = Likeness.Ratio(expected.AsSpan(0, actual.Length), actual);
            figures.Compared++;
            figures.Worst = Math.Min(figures.Worst, ratio);
            Assert.True(ratio >= MinRatio, $"{ratio:F1} dB: {where}");
        }
    }

    private static byte[] Mutate(Random random, ReadOnlySpan<byte> packet)
    {
        var mutated = packet.ToArray();
        for (var i = random.Next(4); i > 0 && mutated.Length > 1; i--)
            mutated[random.Next(random.Next(8) == 0 ? 0 : 1, mutated.Length)] = (byte)random.Next(256);
        return random.Next(10) == 0 ? mutated[..random.Next(1, mutated.Length + 1)] : mutated;
    }

    private static byte[] MakeRandom(Random random, int mode)
    {
        var most = random.Next(4) switch { 0 => 4, 1 => 30, 2 => 200, _ => 1600 };
        var packet = new byte[random.Next(1, most)];
        random.NextBytes(packet);
        if (random.Next(2) == 0)
            packet[0] &= 0b1111_1100;

        // Configurations from 16 on are CELT's (RFC 6716 §3.1).
        packet[0] = (byte)(mode switch { 1 => packet[0] & 0x7F, 2 => packet[0] | 0x80, _ => packet[0] });
        return packet;
    }

    private sealed class Figures
    {
        public int Packets { get; set; }

        public int Valid { get; set; }

        public int Compared { get; set; }

        public double Worst { get; set; } = double.PositiveInfinity;

        public override string ToString() =>
            $"{Packets} packets, {Valid} of them valid, {Compared} of them 80 ms or more after made-up sound; "
            + $"the least like libopus' is {Worst:F1} dB.";
    }
}
