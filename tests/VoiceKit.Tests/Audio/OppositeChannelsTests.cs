using VoiceKit.Audio;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Audio;

public class OppositeChannelsTests
{
    [Theory]
    [InlineData(-1f)]
    [InlineData(-0.95f)]
    public void Speech_whose_channels_are_opposite_is_heard_in_mono(float other)
    {
        var speech = Signals.Voice(48_000);
        using var reader = Mixed(speech, sample => other * sample);
        var mono = ReadAll(reader);
        Assert.True(reader.FoundOppositeChannels);
        Assert.InRange(Energy(mono) / Energy(speech), 0.8, 1.01);
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(0.5f)]
    [InlineData(0f)]
    [InlineData(-0.5f)]
    public void Other_stereo_is_the_mean_bit_for_bit(float other)
    {
        var speech = Signals.Voice(48_000);
        using var reader = Mixed(speech, sample => other * sample);
        var mono = ReadAll(reader);
        Assert.False(reader.FoundOppositeChannels);
        for (var i = 0; i < mono.Length; i++)
            Assert.Equal((speech[i] + other * speech[i]) * 0.5f, mono[i]);
    }

    private static ChannelMixingReader Mixed(float[] left, Func<float, float> right) =>
        new(new PcmReader(left.SelectMany(sample => new[] { sample, right(sample) }).ToArray(), new AudioFormat(48_000, 2)), 1);

    private static double Energy(float[] samples) => samples.Sum(sample => (double)sample * sample);

    private static float[] ReadAll(ChannelMixingReader reader)
    {
        var all = new List<float>();
        var buffer = new float[777];
        int count;
        while ((count = reader.Read(buffer)) > 0)
            all.AddRange(buffer.AsSpan(0, count));
        return [.. all];
    }
}
