using VoiceKit.Audio;

namespace VoiceKit.Tests.Audio;

public class ChannelMixerTests
{
    // Lengths around every vector size, so that whole vectors and rests both occur.
    public static TheoryData<int> Lengths => [.. Enumerable.Range(0, 70), 1_000, 1_023];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void MixDown_takes_half_of_the_sum(int frames)
    {
        float[] stereo = ResamplerLab.Noise(2 * frames);
        float[] mono = new float[frames + 3];
        Array.Fill(mono, 9);
        ChannelMixer.MixDown(stereo, mono);

        for (int i = 0; i < frames; i++)
            Assert.Equal((stereo[2 * i] + stereo[2 * i + 1]) / 2, mono[i]);
        Assert.Equal([9, 9, 9], mono[frames..]);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void MixUp_copies_every_bit_to_both_sides(int frames)
    {
        float[] mono = ResamplerLab.Noise(frames);
        if (frames > 2)
            (mono[0], mono[1], mono[2]) = (-0f, float.Epsilon, float.NegativeInfinity);
        float[] stereo = new float[2 * frames + 3];
        Array.Fill(stereo, 9);
        ChannelMixer.MixUp(mono, stereo);

        for (int i = 0; i < 2 * frames; i++)
            Assert.Equal(BitConverter.SingleToInt32Bits(mono[i / 2]), BitConverter.SingleToInt32Bits(stereo[i]));
        Assert.Equal([9, 9, 9], stereo[(2 * frames)..]);
    }

    [Theory]
    [InlineData(1, 1, new float[] { 1, 2, 3 }, new float[] { 1, 2, 3 })]
    [InlineData(5, 5, new float[] { 1, 2, 3, 4, 5 }, new float[] { 1, 2, 3, 4, 5 })]
    [InlineData(1, 2, new float[] { 1, 2 }, new float[] { 1, 1, 2, 2 })]
    [InlineData(2, 1, new float[] { 1, 3, 5, -5 }, new float[] { 2, 0 })]
    [InlineData(3, 1, new float[] { 1, 2, 6, 3, 3, 3 }, new float[] { 3, 3 })]
    [InlineData(6, 1, new float[] { 1, 2, 3, 4, 5, 6 }, new float[] { 3.5f })]
    [InlineData(3, 2, new float[] { 1, 2, 5, 0, 7, 0 }, new float[] { 3, 2, 0, 7 })]
    [InlineData(4, 2, new float[] { 1, 2, 3, 6 }, new float[] { 2, 4 })]
    [InlineData(8, 2, new float[] { 1, 2, 3, 4, 5, 6, 7, 8 }, new float[] { 4, 5 })]
    public void Mix_follows_its_rule(int from, int to, float[] input, float[] expected)
    {
        float[] output = new float[expected.Length + 1];
        output[^1] = 9;
        ChannelMixer.Mix(input, from, output, to);
        Assert.Equal([.. expected, 9], output);
    }

    // ITU-R BS.775-4: L, R at 0 dB; C, Ls, Rs at −3 dB; LFE left out; here all × 1 / (1 + √2).
    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(1, 0, 1)]
    [InlineData(2, 0.70710678, 0.70710678)]
    [InlineData(3, 0, 0)]
    [InlineData(4, 0.70710678, 0)]
    [InlineData(5, 0, 0.70710678)]
    public void Surround_folds_into_stereo(int channel, double left, double right)
    {
        float[] input = new float[12];
        input[6 + channel] = 1;
        float[] output = new float[4];
        ChannelMixer.Mix(input, 6, output, 2);

        double scale = 1 / (1 + Math.Sqrt(2));
        Assert.Equal([0, 0], output[..2]);
        Assert.Equal(left * scale, output[2], 1e-6);
        Assert.Equal(right * scale, output[3], 1e-6);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(6, 2)]
    [InlineData(7, 2)]
    public void Full_scale_everywhere_does_not_clip(int from, int to)
    {
        float[] input = new float[from * 20];
        Array.Fill(input, 1);
        float[] output = new float[to * 20];
        ChannelMixer.Mix(input, from, output, to);
        Assert.All(output, sample => Assert.InRange(sample, 0.99f, 1 + 1e-6f));
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        float[] six = new float[6];
        Assert.Throws<ArgumentException>(() => ChannelMixer.MixDown(new float[5], six));
        Assert.Throws<ArgumentException>(() => ChannelMixer.MixDown(new float[14], six));
        Assert.Throws<ArgumentException>(() => ChannelMixer.MixUp(new float[4], six));
        Assert.Throws<ArgumentException>(() => ChannelMixer.Mix(new float[7], 3, six, 2));
        Assert.Throws<ArgumentException>(() => ChannelMixer.Mix(new float[7], 1, six, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChannelMixer.Mix(six, 0, six, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChannelMixer.Mix(six, 256, six, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChannelMixer.Mix(six, 2, six, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChannelMixer.Mix(six, 2, six, 0));
    }

    [Theory]
    [InlineData(6, 2)]
    [InlineData(6, 1)]
    [InlineData(3, 2)]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    public void Mixing_allocates_nothing(int from, int to)
    {
        float[] input = new float[from * 500];
        float[] output = new float[to * 500];
        ChannelMixer.Mix(input, from, output, to);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            ChannelMixer.Mix(input, from, output, to);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
