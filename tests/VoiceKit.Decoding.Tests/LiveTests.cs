using VoiceKit.Decoding.Tests.Support;
using VoiceKit.Opus;

namespace VoiceKit.Decoding.Tests;

/// <summary>The decoder beside libopus' on streams that change in every way that libopus can make them change.</summary>
public class LiveTests(ITestOutputHelper output)
{
    private const int PacketsPerStream = 200;
    private const double MinSecondRatio = 90;
    private const double MinRatio = 60;

    private static readonly int[] Rates = [8000, 12_000, 16_000, 24_000, 48_000];
    private static readonly int Packets = Volume.Packets ?? 6000;
    private static readonly int Seed = Volume.Seed;

    [Fact]
    public void Streams_without_losses_sound_as_with_libopus()
    {
        var figures = new WholeFigures();
        for (var stream = 0; stream * PacketsPerStream < Packets; stream++)
            CompareWhole(new Random(Seed * 1_000_003 + 2 * stream), stream, figures);
        output.WriteLine(figures.ToString());
        Assert.InRange(figures.AlikeNearMadeUp, figures.NearMadeUp * 0.99, figures.NearMadeUp);
    }

    [Fact]
    public void Streams_with_losses_sound_as_with_libopus_within_80_ms()
    {
        var losses = new LossFigures();
        for (var stream = 0; stream * PacketsPerStream < Packets; stream++)
            CompareLossy(new Random(Seed * 1_000_003 + 2 * stream + 1), stream, losses);
        output.WriteLine(losses.ToString());

        // Most losses are made up for by the same samples: where they are not, a rounding has changed a pitch.
        Assert.InRange(losses.Alike, losses.Count * 0.95, losses.Count);
    }

    private static void CompareWhole(Random random, int number, WholeFigures figures)
    {
        using var stream = new RandomStream(random);
        using var pair = new DecoderPair(Rates[random.Next(Rates.Length)], random.Next(1, 3));
        var madeUp = new MadeUpSound(pair.SampleRate);
        var second = new Likeness.LikenessSum();
        var seconds = 0;
        for (var i = 0; i < PacketsPerStream; i++)
        {
            var packet = stream.Next();
            pair.Decode(packet);
            var where = Describe(number, i, packet, pair);
            Assert.True(pair.ExpectedRange == pair.ActualRange, $"The final range is wrong: {where}.");
            var ratio = Likeness.Ratio(pair.Expected, pair.Actual);
            if (madeUp.IsNear(packet))
            {
                figures.AddNearMadeUp(ratio);
                continue;
            }

            figures.Add(ratio);
            Assert.True(ratio >= MinRatio, $"{ratio:F1} dB: {where}.");
            second.Add(pair.Expected, pair.Actual);
            if (second.Count < pair.SampleRate * pair.Channels)
                continue;
            Assert.True(seconds++ == 0 || second.Ratio >= MinSecondRatio, $"{second.Ratio:F1} dB over a second: {where}.");
            second = default;
        }
    }

    private static void CompareLossy(Random random, int number, LossFigures losses)
    {
        using var stream = new RandomStream(random);
        using var pair = new DecoderPair(Rates[random.Next(Rates.Length)], random.Next(1, 3));
        var rate = random.NextDouble() * 0.3;
        var madeUp = new MadeUpSound(pair.SampleRate);
        var lost = 0;
        for (var i = 0; i < PacketsPerStream; i++)
        {
            var packet = stream.Next();
            var frames = OpusPacket.Parse(packet).Duration / (OpusRates.Full / pair.SampleRate);
            if (lost + frames <= pair.MaxFrames && random.NextDouble() < rate)
            {
                lost += frames;
                continue;
            }

            var where = Describe(number, i, packet, pair);
            if (lost > 0)
            {
                pair.Recover(packet, lost, random.Next(3) > 0);
                losses.Add(pair, where);
                madeUp.Begin();
                lost = 0;
            }

            pair.Decode(packet);
            Assert.True(pair.ExpectedRange == pair.ActualRange, $"The final range is wrong: {where}.");
            losses.AddHeard(pair.ActualPeak);
            if (madeUp.IsNear(packet))
                continue;
            var ratio = Likeness.Ratio(pair.Expected, pair.Actual);
            Assert.True(ratio >= MinRatio, $"{ratio:F1} dB: {where}, 80 ms or more after a loss.");
        }
    }

    private static string Describe(int stream, int packet, ReadOnlySpan<byte> bytes, DecoderPair pair) =>
        $"stream {stream}, packet {packet}, {new OpusToc(bytes[0])}, {pair.SampleRate} Hz, {pair.Channels} channels";

    /// <summary>How like libopus' the streams without losses are, in a whole run.</summary>
    private sealed class WholeFigures
    {
        private int _packets;
        private double _worst = double.PositiveInfinity;
        private double _worstNearMadeUp = double.PositiveInfinity;

        public int NearMadeUp { get; private set; }

        /// <summary>How many of these are the same as libopus', but for rounding.</summary>
        public int AlikeNearMadeUp { get; private set; }

        public void Add(double ratio) => (_packets, _worst) = (_packets + 1, Math.Min(_worst, ratio));

        public void AddNearMadeUp(double ratio)
        {
            NearMadeUp++;
            _worstNearMadeUp = Math.Min(_worstNearMadeUp, ratio);
            if (ratio >= MinRatio)
                AlikeNearMadeUp++;
        }

        public override string ToString() =>
            $"{_packets} packets, the least like libopus' is {_worst:F1} dB; {NearMadeUp} less than 80 ms after sound that is "
            + $"made up, {NearMadeUp - AlikeNearMadeUp} of them below {MinRatio} dB, the least at {_worstNearMadeUp:F1} dB.";
    }

    /// <summary>What was made up for losses, in a whole run.</summary>
    private sealed class LossFigures
    {
        private float _heard;

        public int Count { get; private set; }

        /// <summary>How many are the same as libopus', but for rounding.</summary>
        public int Alike { get; private set; }

        public void AddHeard(float peak) => _heard = Math.Max(_heard, peak);

        /// <summary>
        /// Takes what was made up for a loss. It may be louder than all before: what a loss begins with may be the end of a
        /// voiced sound that a filter turns into a louder one. It is never much louder than what libopus makes of it.
        /// </summary>
        public void Add(DecoderPair pair, string where)
        {
            var limit = 2 * Math.Max(_heard, pair.ExpectedPeak) + 0.1f;
            Assert.True(pair.ActualPeak <= limit, $"Concealed at {pair.ActualPeak}, by libopus at {pair.ExpectedPeak}: {where}.");
            Count++;
            if (Likeness.Ratio(pair.Expected, pair.Actual) >= MinRatio)
                Alike++;
        }

        public override string ToString() =>
            $"{Count} losses, of which {Count - Alike} are made up for otherwise than by libopus.";
    }
}
