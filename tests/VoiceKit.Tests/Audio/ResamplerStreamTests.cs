using FsCheck;
using FsCheck.Fluent;
using VoiceKit.Audio;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Audio;

public class ResamplerStreamTests
{
    private static readonly int[] s_rates =
        [1, 2, 7, 250, 4_000, 8_000, 11_025, 16_000, 22_050, 44_056, 44_100, 47_999, 48_000, 96_000, 192_000, 768_000];

    private static readonly Config s_config = Config.QuickThrowOnFailure.WithReplay(20_240_917, 77);

    private static Arbitrary<(int Input, int Output)> RatePairs { get; } = Gen.Elements(s_rates).Two()
        .Where(pair => Math.Max(pair.Item1, pair.Item2) <= (long)Resampler.MaxRatio * Math.Min(pair.Item1, pair.Item2))
        .Select(pair => (pair.Item1, pair.Item2))
        .ToArbitrary();

    [Fact]
    public void The_length_is_the_rounded_product_of_length_and_ratio()
    {
        Check.One(s_config, Prop.ForAll(RatePairs, Gen.Choose(0, 3_000).ToArbitrary(), (rates, frames) =>
        {
            float[] output = Convert(ResamplerLab.Noise(frames), rates, 1, seed: frames);
            decimal exact = (decimal)frames * rates.Output / rates.Input;
            return output.Length == Math.Round(exact, MidpointRounding.AwayFromZero)
                && output.Length == Resampler.OutputFrames(frames, rates.Input, rates.Output);
        }));
    }

    [Fact]
    public void Pieces_and_buffer_sizes_do_not_change_a_bit()
    {
        Check.One(s_config, Prop.ForAll(
            RatePairs, Gen.Choose(0, 5_000).ToArbitrary(), Gen.Choose(1, 3).ToArbitrary(), (rates, frames, channels) =>
            {
                float[] input = ResamplerLab.Noise(frames * channels, seed: frames);
                float[] whole = ResamplerLab.Run(input, rates.Input, rates.Output, channels);
                return Same(whole, Convert(input, rates, channels, seed: frames + 1))
                    && Same(whole, Convert(input, rates, channels, seed: frames + 2));
            }));
    }

    [Fact]
    public void Every_channel_is_what_it_would_be_alone()
    {
        Check.One(s_config.WithMaxTest(40), Prop.ForAll(
            RatePairs, Gen.Choose(0, 3_000).ToArbitrary(), Gen.Choose(2, 5).ToArbitrary(), (rates, frames, channels) =>
            {
                float[] input = ResamplerLab.Noise(frames * channels);
                float[] output = ResamplerLab.Run(input, rates.Input, rates.Output, channels);
                return Enumerable.Range(0, channels).All(channel => Same(
                    ResamplerLab.Run(Pick(input, channel, channels), rates.Input, rates.Output),
                    Pick(output, channel, channels)));
            }));
    }

    [Fact]
    public void Equal_rates_copy_every_bit()
    {
        float[] input = ResamplerLab.Noise(3_001 * 2);
        input[0] = float.NaN;
        input[17] = float.Epsilon;
        input[18] = -0f;
        input[19] = float.PositiveInfinity;
        Assert.True(Same(input, Convert(input, (44_100, 44_100), 2, seed: 5)));
    }

    [Theory]
    [InlineData(44_100, 48_000)]
    [InlineData(48_000, 8_000)]
    [InlineData(47_999, 48_000)]
    public void Silence_stays_silence(int inputRate, int outputRate)
    {
        float[] output = ResamplerLab.Run(new float[4_000], inputRate, outputRate);
        Assert.NotEmpty(output);
        Assert.All(output, sample => Assert.Equal(0f, sample));
    }

    [Theory]
    [InlineData(0, 44_100, 48_000, 0)]
    [InlineData(1, 44_100, 48_000, 1)]
    [InlineData(2, 44_100, 48_000, 2)]
    [InlineData(1, 8_000, 48_000, 6)]
    [InlineData(1, 48_000, 8_000, 0)]
    [InlineData(2, 48_000, 8_000, 0)]
    [InlineData(3, 48_000, 8_000, 1)]
    [InlineData(1, 2, 1, 1)]
    [InlineData(44_100L * 3_600, 44_100, 48_000, 48_000L * 3_600)]
    [InlineData(long.MaxValue, 768_000, 768_000, long.MaxValue)]
    [InlineData(long.MaxValue, 2, 1, (long.MaxValue / 2) + 1)]
    public void Known_lengths(long frames, int inputRate, int outputRate, long expected)
    {
        Assert.Equal(expected, Resampler.OutputFrames(frames, inputRate, outputRate));
        if (frames <= 3)
            Assert.Equal(expected, ResamplerLab.Run(ResamplerLab.Noise((int)frames), inputRate, outputRate).Length);
    }

    [Fact]
    public void An_empty_stream_flushes_to_nothing()
    {
        Resampler resampler = new(44_100, 48_000, 2);
        resampler.Process([], new float[100], out int consumed, out int produced);
        Assert.Equal((0, 0), (consumed, produced));
        Assert.Equal(0, resampler.Flush(new float[100]));
        Assert.Equal(0, resampler.Flush(new float[100]));
    }

    [Fact]
    public void Reset_starts_over()
    {
        float[] input = ResamplerLab.Noise(2_000);
        float[] output = new float[3_000];
        Resampler resampler = new(44_100, 48_000, 1);
        resampler.Process(ResamplerLab.Noise(777, seed: 9), output, out _, out _);
        resampler.Flush(output.AsSpan(0, 10));
        Assert.Throws<InvalidOperationException>(() => resampler.Process(input, output, out _, out _));

        resampler.Reset();
        resampler.Process(input, output, out _, out int produced);
        produced += resampler.Flush(output.AsSpan(produced));
        Assert.True(Same(ResamplerLab.Run(input, 44_100, 48_000), output[..produced]));
    }

    [Fact]
    public void A_rest_smaller_than_a_frame_is_left_alone()
    {
        float[] output = [9, 9, 9, 9, 9];
        Resampler resampler = new(8_000, 16_000, 2);
        resampler.Process(ResamplerLab.Noise(1_000), output, out _, out int produced);
        Assert.Equal(4, produced);
        Assert.Equal(9, output[4]);
    }

    [Fact]
    public void A_full_output_and_a_full_history_take_nothing_more()
    {
        Resampler resampler = new(48_000, 44_100, 1);
        float[] input = ResamplerLab.Noise(100_000);
        resampler.Process(input, [], out int taken, out int produced);
        resampler.Process(input.AsSpan(taken), [], out int more, out _);
        Assert.InRange(taken, 1_000, 5_000);
        Assert.Equal((0, 0), (produced, more));
    }

    [Theory]
    [InlineData(0, 48_000, 1)]
    [InlineData(48_000, 0, 1)]
    [InlineData(768_001, 48_000, 1)]
    [InlineData(48_000, 768_001, 1)]
    [InlineData(48_000, 48_000, 0)]
    [InlineData(48_000, 48_000, 256)]
    [InlineData(1, 257, 1)]
    [InlineData(768_000, 2_999, 1)]
    public void Arguments_out_of_range_are_refused(int inputRate, int outputRate, int channels) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Resampler(inputRate, outputRate, channels));

    [Fact]
    public void Broken_frames_are_refused()
    {
        Resampler resampler = new(8_000, 16_000, 2);
        Assert.Throws<ArgumentException>(() => resampler.Process(new float[3], new float[8], out _, out _));
        Assert.Throws<ArgumentException>(() => resampler.Flush(new float[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Resampler.OutputFrames(-1, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Resampler.OutputFrames(1, 1, 257));
        Assert.Throws<OverflowException>(() => Resampler.OutputFrames(long.MaxValue, 1, 2));
    }

    [Theory]
    [InlineData(44_100, 48_000)]
    [InlineData(47_999, 48_000)]
    [InlineData(768_000, 3_000)]
    public void Nothing_is_allocated_after_construction(int inputRate, int outputRate)
    {
        Resampler resampler = new(inputRate, outputRate, 2);
        float[] input = ResamplerLab.Noise(2 * 960);
        float[] output = new float[2 * 2_000];
        Stream(resampler, input, output);

        AllocationBudget.Hold("resample", packets: 200, () => Stream(resampler, input, output));

        static void Stream(Resampler resampler, float[] input, float[] output)
        {
            resampler.Reset();
            for (int i = 0; i < 200; i++)
                resampler.Process(input, output, out _, out _);
            while (resampler.Flush(output) > 0)
            {
            }
        }
    }

    [Fact]
    public void Filters_are_shared_by_ratio_and_bounded_in_number_and_size()
    {
        ResamplerFilter filter = ResamplerFilterCache.Get(997, 991);
        Assert.Same(filter, ResamplerFilterCache.Get(997, 991));
        Assert.Same(ResamplerFilterCache.Get(48_000, 47_999), ResamplerFilterCache.Get(48_000, 11_014));
        Assert.NotSame(ResamplerFilterCache.Get(47_999, 48_000), ResamplerFilterCache.Get(11_014, 48_000));

        // Enough others push it out; a new one is the same to the bit.
        for (int down = 1; down <= ResamplerFilterCache.Capacity; down++)
            ResamplerFilterCache.Get(31, 32 + down);
        ResamplerFilter again = ResamplerFilterCache.Get(997, 991);
        Assert.NotSame(filter, again);
        for (int phase = 0; phase <= filter.Phases; phase++)
            Assert.True(filter.Row(phase).SequenceEqual(again.Row(phase)));
    }

    [Theory]
    [InlineData(1, 256)]
    [InlineData(256, 1)]
    [InlineData(1_024, 1_023)]
    [InlineData(768_000, 767_999)]
    [InlineData(767_999, 768_000)]
    [InlineData(3_001, 768_000)]
    [InlineData(1_021, 3_000)]
    public void A_filter_stays_within_its_memory(int up, int down)
    {
        ResamplerFilter filter = ResamplerFilter.Create(up, down);
        Assert.InRange((filter.Phases + 1L) * filter.Taps * sizeof(float), 1, 900_000);
    }

    [Fact]
    public void Threads_get_one_filter_between_them()
    {
        ResamplerFilter?[] filters = new ResamplerFilter?[64];
        Parallel.For(0, filters.Length, i => filters[i] = ResamplerFilterCache.Get(977, 983));
        Assert.All(filters, filter => Assert.Same(filters[0], filter));
    }

    // Feeds random pieces and takes random amounts, the empty ones among them.
    private static float[] Convert(float[] input, (int Input, int Output) rates, int channels, int seed)
    {
        Random random = new(seed);
        Resampler resampler = new(rates.Input, rates.Output, channels);
        List<float> all = [];
        float[] buffer = new float[1_500 * channels];
        for (int from = 0; from < input.Length;)
        {
            int frames = Math.Min(random.Next(0, 800), (input.Length - from) / channels);
            Span<float> output = buffer.AsSpan(0, random.Next(0, buffer.Length));
            resampler.Process(input.AsSpan(from, frames * channels), output, out int consumed, out int produced);
            all.AddRange(output[..produced]);
            from += consumed;
        }

        int flushed;
        do
        {
            Span<float> output = buffer.AsSpan(0, random.Next(channels, buffer.Length));
            flushed = resampler.Flush(output);
            all.AddRange(output[..flushed]);
        }
        while (flushed > 0);
        return [.. all];
    }

    private static float[] Pick(float[] interleaved, int channel, int channels) =>
        [.. interleaved.Where((_, i) => i % channels == channel)];

    private static bool Same(float[] left, float[] right) =>
        left.Select(BitConverter.SingleToInt32Bits).SequenceEqual(right.Select(BitConverter.SingleToInt32Bits));
}
