using FsCheck.Fluent;
using VoiceKit.Audio;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Audio;

public class HighPassFilterTests
{
    [Theory]
    [InlineData(48_000, 20)]
    [InlineData(48_000, 80)]
    [InlineData(48_000, 1_000)]
    [InlineData(8_000, 20)]
    [InlineData(8_000, 80)]
    [InlineData(8_000, 1_000)]
    public void The_response_is_Butterworths(int rate, double frequency)
    {
        // The bilinear transform moves a frequency f to tan(π f / rate).
        var ratio = Math.Tan(Math.PI * 80 / rate) / Math.Tan(Math.PI * frequency / rate);
        var expected = -10 * Math.Log10(1 + Math.Pow(ratio, 4));
        Assert.Equal(expected, Response(rate, frequency), 0.01);
    }

    [Fact]
    public void The_figures_are_those_of_a_second_order()
    {
        Assert.InRange(Response(48_000, 20), -24.2, -24.0);
        Assert.InRange(Response(48_000, 80), -3.02, -3.00);
        Assert.InRange(Response(48_000, 1_000), -0.01, 0.01);
    }

    [Fact]
    public void An_offset_is_taken_out()
    {
        var samples = ResamplerLab.Sine(440, 48_000, 96_000, 0.25);
        for (var i = 0; i < samples.Length; i++)
            samples[i] += 0.5f;
        new HighPassFilter(new AudioFormat(48_000, 1)).Process(samples);
        Assert.Equal(0, samples[48_000..].Average(), 1e-5);
        Assert.Equal(0.25 / Math.Sqrt(2), ResamplerLab.Rms(samples.AsSpan(48_000)), 1e-3);
    }

    [Fact]
    public void Pieces_do_not_change_a_bit_and_channels_do_not_touch() => Fx.Check(Gen.Choose(1, 1_000_000), seed =>
    {
        var random = new Random(seed);
        var channels = random.Next(1, 4);
        var input = ResamplerLab.Noise(random.Next(0, 3_000) * channels, seed);
        var whole = (float[])input.Clone();
        new HighPassFilter(new AudioFormat(16_000, channels), 120).Process(whole);

        var filter = new HighPassFilter(new AudioFormat(16_000, channels), 120);
        var cut = (float[])input.Clone();
        for (var at = 0; at < cut.Length;)
        {
            var count = Math.Min(random.Next(0, 300) * channels, cut.Length - at);
            filter.Process(cut.AsSpan(at, count));
            at += count;
        }

        Assert.True(StreamLab.Same(whole, cut));
        var alone = input.Where((_, i) => i % channels == channels - 1).ToArray();
        new HighPassFilter(new AudioFormat(16_000, 1), 120).Process(alone);
        Assert.True(StreamLab.Same(alone, [.. whole.Where((_, i) => i % channels == channels - 1)]));
    });

    [Fact]
    public void What_is_not_a_number_poisons_nothing()
    {
        var filter = new HighPassFilter(new AudioFormat(48_000, 1));
        float[] wild = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.MinValue];
        filter.Process(wild);
        Assert.All(wild, sample => Assert.InRange(sample, -64f, 64f));
        var samples = new float[48_000];
        filter.Process(samples);
        Assert.All(samples[24_000..], sample => Assert.InRange(sample, -1e-6f, 1e-6f));
    }

    [Fact]
    public void The_end_of_a_sound_fades_to_zero_and_not_to_denormals()
    {
        var filter = new HighPassFilter(new AudioFormat(48_000, 1));
        filter.Process(ResamplerLab.Noise(4_800));
        var silence = new float[96_000];
        filter.Process(silence);
        Assert.Contains(silence, sample => sample != 0);
        Assert.DoesNotContain(silence, sample => float.IsSubnormal(sample));
        Assert.All(silence[48_000..], sample => Assert.Equal(0f, sample));
    }

    [Fact]
    public void Reset_forgets_and_nothing_is_allocated()
    {
        var filter = new HighPassFilter(new AudioFormat(48_000, 2));
        var (first, second) = (ResamplerLab.Noise(2_000), ResamplerLab.Noise(2_000));
        filter.Process(first);
        var before = GC.GetAllocatedBytesForCurrentThread();
        filter.Reset();
        filter.Process(second);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.True(StreamLab.Same(first, second));
    }

    [Fact]
    public void Wrong_arguments_are_told()
    {
        var format = new AudioFormat(48_000, 2);
        foreach (var cutoff in new[] { 0, -1, 24_000, double.NaN })
            Assert.Throws<ArgumentOutOfRangeException>(() => new HighPassFilter(format, cutoff));
        Assert.Throws<ArgumentException>(() => new HighPassFilter(default));
        Assert.Throws<ArgumentException>(() => new HighPassFilter(format).Process(new float[3]));
    }

    private static double Response(int rate, double frequency)
    {
        var samples = ResamplerLab.Sine(frequency, rate, rate * 3, 0.5);
        new HighPassFilter(new AudioFormat(rate, 1)).Process(samples);
        return ResamplerLab.Decibels(ResamplerLab.Rms(samples.AsSpan(rate)) / (0.5 / Math.Sqrt(2)));
    }
}
