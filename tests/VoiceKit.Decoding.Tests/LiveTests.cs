using System.Globalization;
using VoiceKit.Decoding.Tests.Support;
using VoiceKit.Opus;

namespace VoiceKit.Decoding.Tests;

/// <summary>
/// The decoder beside libopus' on streams that change in every way that libopus can make them change.
/// VOICEKIT_DECODING_PACKETS tells how many packets each test takes, VOICEKIT_DECODING_SEED which.
/// </summary>
public class LiveTests(ITestOutputHelper output)
{
    private const int PacketsPerStream = 200;
    private const double MinSecondRatio = 90;
    private const double MinRatio = 60;

    private static readonly int[] Rates = [8000, 12_000, 16_000, 24_000, 48_000];
    private static readonly int Packets = ReadNumber("VOICEKIT_DECODING_PACKETS") ?? 6000;
    private static readonly int Seed = ReadNumber("VOICEKIT_DECODING_SEED") ?? 1;

    [Fact]
    public void Streams_without_losses_sound_as_with_libopus()
    {
        var unlike = 0;
        for (var stream = 0; stream * PacketsPerStream < Packets; stream++)
            unlike += CompareWhole(new Random(Seed * 1_000_003 + 2 * stream), stream);
        output.WriteLine($"{unlike} changes of mode are below {MinRatio} dB.");
        Assert.InRange(unlike, 0, Math.Max(2, Packets / 1000));
    }

    [Fact]
    public void Streams_with_losses_sound_as_with_libopus_within_80_ms()
    {
        for (var stream = 0; stream * PacketsPerStream < Packets; stream++)
            CompareLossy(new Random(Seed * 1_000_003 + 2 * stream + 1), stream);
    }

    private static int CompareWhole(Random random, int number)
    {
        var unlike = 0;
        using var stream = new RandomStream(random);
        using var pair = new DecoderPair(Rates[random.Next(Rates.Length)], random.Next(1, 3));
        var second = new Likeness.LikenessSum();
        var seconds = 0;
        var last = default(OpusMode?);
        for (var i = 0; i < PacketsPerStream; i++)
        {
            var packet = stream.Next();
            pair.Decode(packet);
            var mode = new OpusToc(packet[0]).Mode;
            var isChange = last is { } before && before == OpusMode.Celt != (mode == OpusMode.Celt);
            last = mode;
            var where = $"stream {number}, packet {i}, {new OpusToc(packet[0])}, {pair.SampleRate} Hz, {pair.Channels} channels";
            Assert.True(pair.ExpectedRange == pair.ActualRange, $"The final range is wrong: {where}.");
            var ratio = Likeness.Ratio(pair.Expected, pair.Actual);
            if (isChange && ratio < MinRatio)
            {
                // Without redundancy, 5 ms of concealment are in it, of which a float's rounding may change the pitch.
                unlike++;
                second = default;
                continue;
            }

            Assert.True(ratio >= MinRatio, $"{ratio:F1} dB: {where}.");
            second.Add(pair.Expected, pair.Actual);
            if (second.Count < pair.SampleRate * pair.Channels)
                continue;
            Assert.True(seconds++ == 0 || second.Ratio >= MinSecondRatio, $"{second.Ratio:F1} dB over a second: {where}.");
            second = default;
        }

        return unlike;
    }

    private void CompareLossy(Random random, int number)
    {
        using var stream = new RandomStream(random);
        using var pair = new DecoderPair(Rates[random.Next(Rates.Length)], random.Next(1, 3));
        var rate = random.NextDouble() * 0.3;
        var settled = pair.SampleRate * 8 / 100;
        var since = settled;
        var lost = 0;
        var peak = 0f;
        for (var i = 0; i < PacketsPerStream; i++)
        {
            var packet = stream.Next();
            var frames = OpusPacket.Parse(packet).Duration / (OpusRates.Full / pair.SampleRate);
            if (lost + frames <= pair.MaxFrames && random.NextDouble() < rate)
            {
                lost += frames;
                continue;
            }

            if (lost > 0)
            {
                pair.Recover(packet, lost, random.Next(3) > 0);
                var isBounded = pair.ActualPeak <= 2 * peak + 0.1f;
                Assert.True(isBounded, $"Concealed at {pair.ActualPeak} after {peak}: stream {number}, packet {i}.");
                since = 0;
                lost = 0;
            }

            pair.Decode(packet);
            peak = Math.Max(peak, pair.ActualPeak);
            var where = $"stream {number}, packet {i}, {new OpusToc(packet[0])}, {pair.SampleRate} Hz, {pair.Channels} channels";
            Assert.True(pair.ExpectedRange == pair.ActualRange, $"The final range is wrong: {where}.");
            if (since >= settled)
            {
                var ratio = Likeness.Ratio(pair.Expected, pair.Actual);
                Assert.True(ratio >= MinRatio, $"{ratio:F1} dB: {where}, {since * 1000 / pair.SampleRate} ms after a loss.");
            }

            since += frames;
        }

        output.WriteLine($"Stream {number}: {pair.SampleRate} Hz, {pair.Channels} channels, losses {rate:P0}");
    }

    private static int? ReadNumber(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
