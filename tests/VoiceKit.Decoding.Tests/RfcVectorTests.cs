using VoiceKit.Decoding.Tests.Support;
using VoiceKit.Opus;

namespace VoiceKit.Decoding.Tests;

/// <summary>The decoder against the test vectors of RFC 6716 and RFC 8251, at every rate, in mono and stereo.</summary>
public class RfcVectorTests
{
    private const double MinSecondRatio = 90;
    private const double MinRatio = 60;

    public static TheoryData<int, int, int> Formats
    {
        get
        {
            var data = new TheoryData<int, int, int>();
            foreach (var number in TestVector.Numbers)
            foreach (var rate in new[] { 8000, 12_000, 16_000, 24_000, 48_000 })
            foreach (var channels in new[] { 1, 2 })
                data.Add(number, rate, channels);
            return data;
        }
    }

    public static TheoryData<int, int> SilkFormats
    {
        get
        {
            var data = new TheoryData<int, int>();
            foreach (var number in new[] { 2, 3, 4 })
            foreach (var channels in new[] { 1, 2 })
                data.Add(number, channels);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Every_final_range_is_right_and_the_sound_is_that_of_libopus(int number, int rate, int channels)
    {
        using var decoder = new ManagedOpusDecoder(rate, channels);
        using var reference = new Reference(rate, channels);
        var pcm = new float[rate / 25 * 3 * channels];
        var expected = new float[pcm.Length];
        var second = new Likeness.LikenessSum();
        var seconds = 0;
        var frames = rate / 50;
        foreach (var (data, finalRange) in TestVector.Load(number).Packets)
        {
            frames = data.Length == 0 ? decoder.Conceal(pcm.AsSpan(0, frames * channels)) : decoder.Decode(data, pcm);
            var same = data.Length == 0
                ? reference.Conceal(expected.AsSpan(0, frames * channels))
                : reference.Decode(data, expected.AsSpan());
            Assert.Equal(same, frames);
            Assert.Equal(finalRange, decoder.FinalRange);

            var length = frames * channels;
            Assert.InRange(Likeness.Ratio(expected.AsSpan(0, length), pcm.AsSpan(0, length)), MinRatio, double.PositiveInfinity);
            second.Add(expected.AsSpan(0, length), pcm.AsSpan(0, length));
            if (second.Count < rate * channels)
                continue;
            Assert.InRange(second.Ratio, MinSecondRatio, double.PositiveInfinity);
            second = default;
            seconds++;
        }

        Assert.InRange(seconds, 5, int.MaxValue);
    }

    [Theory]
    [MemberData(nameof(SilkFormats))]
    public void What_is_SILK_alone_equals_the_16_bit_output_of_libopus(int number, int channels)
    {
        using var decoder = new ManagedOpusDecoder(OpusRates.Full, channels);
        using var reference = new Reference(OpusRates.Full, channels);
        var pcm = new float[5760 * channels];
        var expected = new short[pcm.Length];
        foreach (var (data, _) in TestVector.Load(number).Packets)
        {
            var length = decoder.Decode(data, pcm) * channels;
            Assert.Equal(length, reference.Decode(data, expected) * channels);
            for (var i = 0; i < length; i++)
                Assert.Equal(expected[i], pcm[i] * 32_768);
        }
    }
}
