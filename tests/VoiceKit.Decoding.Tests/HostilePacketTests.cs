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

    [Fact]
    public void Random_packets_decode_as_with_libopus()
    {
        var random = new Random(Volume.Seed * 1_000_003 + 4);
        var figures = new Figures();
        for (var stream = 0; stream < Streams; stream++)
            CompareHostile(random, () => MakeRandom(random), stream, figures);
        output.WriteLine($"Random: {figures}");
    }

    private static void CompareHostile(Random random, Func<byte[]> next, int stream, Figures figures)
    {
        var rate = new[] { 8000, 12_000, 16_000, 24_000, 48_000 }[random.Next(5)];
        var channels = random.Next(1, 3);
        using var decoder = new ManagedOpusDecoder(rate, channels);
        using var reference = new Reference(rate, channels);
        var pcm = new float[rate / 25 * 3 * channels];
        var expected = new float[pcm.Length];
        var settled = new Settling(rate * 8 / 100);
        for (var i = 0; i < PacketsPerStream; i++)
        {
            var packet = next();
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
            if (!settled.IsSettled(packet, frames))
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

    private static byte[] MakeRandom(Random random)
    {
        var most = random.Next(4) switch { 0 => 4, 1 => 30, 2 => 200, _ => 1600 };
        var packet = new byte[random.Next(1, most)];
        random.NextBytes(packet);
        if (random.Next(2) == 0)
            packet[0] &= 0b1111_1100;
        return packet;
    }

    private sealed class Figures
    {
        public int Packets { get; set; }

        public int Valid { get; set; }

        public int Compared { get; set; }

        public double Worst { get; set; } = double.PositiveInfinity;

        public override string ToString() =>
            $"{Packets} packets, {Valid} of them valid, {Compared} of them 80 ms or more after a loss; "
            + $"the least like libopus' is {Worst:F1} dB.";
    }

    /// <summary>
    /// Knows how long ago something was made up for: a frame that was not sent, and 5 ms of a change of mode with nothing to
    /// smooth it. Of noise, rounding may change the pitch that is gone on with there.
    /// </summary>
    private sealed class Settling(int needed)
    {
        private int _since;
        private bool _wasCelt;

        public bool IsSettled(byte[] data, int frames)
        {
            var packet = OpusPacket.Parse(data);
            var isCelt = packet.Toc.Mode == OpusMode.Celt;
            var isConcealed = isCelt != _wasCelt;
            _wasCelt = isCelt;
            for (var i = 0; i < packet.FrameCount; i++)
                isConcealed |= packet.GetFrame(i).Length <= 1;
            _since = isConcealed ? 0 : _since + frames;
            return _since > needed;
        }
    }
}
