using VoiceKit.Audio;

namespace VoiceKit.Tests.Audio;

public class ResamplerDriftTests
{
    // An hour of a sine whose period is a whole number of frames at both rates: a second of it is fed over and over.
    [Theory]
    [InlineData(8_000, 16_000)]
    [InlineData(44_100, 48_000)]
    public void An_hour_of_sine_ends_in_the_phase_it_began_in(int inputRate, int outputRate)
    {
        const int Seconds = 3_600;
        float[] second = ResamplerLab.Sine(1_000, inputRate, inputRate, 0.5);
        float[] output = new float[outputRate + 1_000];
        float[] early = new float[outputRate];
        float[] late = new float[outputRate];
        Resampler resampler = new(inputRate, outputRate, 1);
        long total = 0;
        for (int i = 0; i < Seconds; i++)
        {
            resampler.Process(second, output, out int consumed, out int produced);
            Assert.Equal(inputRate, consumed);
            KeepSecond(output.AsSpan(0, produced), total, early, 1);
            KeepSecond(output.AsSpan(0, produced), total, late, Seconds - 2);
            total += produced;
        }

        Assert.Equal((long)Seconds * outputRate, total + resampler.Flush(output));
        Assert.InRange(ResamplerLab.Fit(late, 1_000, outputRate, (long)(Seconds - 2) * outputRate).Phase, -1e-6, 1e-6);
        Assert.Equal(early, late);
    }

    // An hour at low rates is few frames, which makes the ratio of 44.1 → 48 and ratios that interpolate cheap to follow.
    [Theory]
    [InlineData(441, 480)]
    [InlineData(1_499, 1_500)]
    [InlineData(1_500, 1_499)]
    public void Clicks_in_each_minute_of_an_hour_keep_their_time(int inputRate, int outputRate)
    {
        const int Minutes = 60;
        float[] input = new float[Minutes * 60 * inputRate];
        for (int minute = 0; minute < Minutes; minute++)
            input[((minute * 60) + 30) * inputRate] = 1;
        float[] output = ResamplerLab.Run(input, inputRate, outputRate);

        for (int minute = 0; minute < Minutes; minute++)
        {
            int centre = ((minute * 60) + 30) * outputRate;
            Assert.True(output[centre] > 0.9f);
            for (int i = 1; i < 150; i++)
                Assert.Equal(output[centre - i], output[centre + i], 1e-7f);
        }
    }

    private static void KeepSecond(ReadOnlySpan<float> piece, long first, Span<float> kept, long second)
    {
        long offset = first - (second * kept.Length);
        for (int i = 0; i < piece.Length; i++)
        {
            if (offset + i >= 0 && offset + i < kept.Length)
                kept[(int)(offset + i)] = piece[i];
        }
    }
}
