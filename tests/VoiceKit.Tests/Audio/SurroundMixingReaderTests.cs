using VoiceKit.Audio;

namespace VoiceKit.Tests.Audio;

public class SurroundMixingReaderTests
{
    // ITU-R BS.775-4, table 2, brought to a sum of 1: L R at −3 dB, C at 0 dB, surrounds at −6 dB for mono.
    [Theory]
    [InlineData(0, 0.7071)]
    [InlineData(1, 0.7071)]
    [InlineData(2, 1)]
    [InlineData(3, 0)]
    [InlineData(4, 0.5)]
    [InlineData(5, 0.5)]
    public void Mono_of_5_1_has_the_recommended_weights(int channel, double weight)
    {
        const double Sum = 0.7071 * 2 + 1 + 0.5 * 2;
        Assert.Equal(weight / Sum, Assert.Single(Mix(6, channel, 1)), 1e-4);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void The_centre_is_on_both_sides_and_nothing_clips(int channels)
    {
        var centre = Mix(channels, 2, 2);
        Assert.Equal(centre[0], centre[1]);
        Assert.True(Mix(channels, 2, 1)[0] > 1f / channels);
        Assert.Equal((Mix(channels, 0, 2)[0], 0f), (Mix(channels, 1, 2)[1], Mix(channels, 1, 2)[0]));
        for (var pair = channels - 1; pair > (channels == 5 ? 3 : 4); pair -= 2)
        {
            Assert.Equal(Mix(channels, pair, 2), Mix(channels, pair - 1, 2).Reverse());
            Assert.NotEqual(0, Mix(channels, pair, 2)[1]);
        }

        float[] full = [.. Enumerable.Repeat(1f, channels)];
        foreach (var outputs in new[] { 1, 2 })
            Assert.All(Mix(full, channels, outputs), sample => Assert.Equal(1, sample, 1e-6));
        Assert.False(SurroundMixingReader.Takes(channels, channels));
    }

    private static float[] Mix(int channels, int channel, int outputs)
    {
        var frame = new float[channels];
        frame[channel] = 1;
        return Mix(frame, channels, outputs);
    }

    private static float[] Mix(float[] frame, int channels, int outputs)
    {
        using var reader = new SurroundMixingReader(
            new PcmReader(frame, new AudioFormat(48_000, channels)), outputs, leaveOpen: false);
        return WavTools.ReadAll(reader);
    }
}
