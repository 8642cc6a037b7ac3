using VoiceKit.Audio;

namespace VoiceKit.Tests.Audio;

public class ResamplerQualityTests
{
    private const double Amplitude = 0.891250938; // −1 dBFS
    private const int Window = 16384;

    /// <summary>Ratios with a full table of phases and ratios that interpolate, both ways, usual and extreme.</summary>
    public static TheoryData<int, int> Ratios => new()
    {
        { 44_100, 48_000 }, { 48_000, 44_100 }, { 8_000, 48_000 }, { 48_000, 8_000 }, { 48_000, 16_000 },
        { 16_000, 48_000 }, { 22_050, 16_000 }, { 11_025, 48_000 }, { 96_000, 44_100 }, { 192_000, 11_025 },
        { 44_056, 48_000 }, { 48_000, 44_056 }, { 47_999, 48_000 }, { 48_000, 47_999 }, { 1, 256 }, { 768_000, 44_100 },
    };

    // Those downwards that leave room for a tone between the two Nyquist frequencies.
    public static TheoryData<int, int> RatiosDown => [.. Ratios.Where(row => row.Data.Item1 > 1.02 * row.Data.Item2)];

    [Theory]
    [MemberData(nameof(Ratios))]
    public void A_1_kHz_sine_keeps_below_minus_100_dB_of_distortion_and_noise(int inputRate, int outputRate)
    {
        double frequency = Math.Min(inputRate, outputRate) / 48.0;
        float[] middle = Middle(frequency, inputRate, outputRate, out int first);

        Assert.InRange(ResamplerLab.Fit(middle, frequency, outputRate, first).ThdN, -200, -115);
        Assert.InRange(ResamplerLab.SpectralThdN(middle, frequency, outputRate), -200, -115);
    }

    // Images and interpolation errors are all that is not the tone, so one fit bounds them together.
    [Theory]
    [MemberData(nameof(Ratios))]
    public void The_pass_band_is_flat_in_phase_and_free_of_images(int inputRate, int outputRate)
    {
        foreach (double relative in (double[])[0.002, 0.05, 0.1, 0.2, 0.3, 0.4, 0.43, 0.45])
        {
            double frequency = relative * Math.Min(inputRate, outputRate);
            float[] middle = Middle(frequency, inputRate, outputRate, out int first);
            SineFit fit = ResamplerLab.Fit(middle, frequency, outputRate, first);

            Assert.InRange(ResamplerLab.Decibels(fit.Amplitude / Amplitude), -0.001, 0.001);
            Assert.InRange(fit.Phase, -1e-6, 1e-6);
            Assert.InRange(fit.ThdN, -200, -110);
        }
    }

    [Theory]
    [MemberData(nameof(RatiosDown))]
    public void Tones_above_the_new_Nyquist_frequency_are_gone(int inputRate, int outputRate)
    {
        IEnumerable<double> tones = ((double[])[0.5003, 0.505, 0.51, 0.52, 0.55, 0.6, 0.7, 0.95, 1.003, 1.1, 1.7, 3.3, 7.7])
            .Select(relative => relative * outputRate)
            .Where(frequency => frequency < inputRate / 2.0);
        Assert.NotEmpty(tones);
        foreach (double frequency in tones)
        {
            float[] middle = Middle(frequency, inputRate, outputRate, out _);
            Assert.InRange(ResamplerLab.Decibels(ResamplerLab.Rms(middle) * Math.Sqrt(2) / Amplitude), -300, -105);
        }
    }

    [Fact]
    public void The_bands_between_the_Nyquist_frequencies_stay_empty_for_noise_too()
    {
        float[] output = ResamplerLab.Run(ResamplerLab.Noise(20_000), 16_000, 48_000);
        double[] power = ResamplerLab.PowerSpectrum(output.AsSpan(4096, 32_768));

        double kept = power[10..9_800].Average(); // up to 7.2 kHz; a bin is 1.46 Hz
        double images = power[10_930..].Average(); // from 8 kHz and the window's main lobe on
        Assert.InRange(10 * Math.Log10(images / kept), -200, -105);
    }

    [Theory]
    [InlineData(44_100, 48_000)]
    [InlineData(47_999, 48_000)]
    [InlineData(48_000, 44_100)]
    [InlineData(768_000, 44_100)]
    public void A_constant_stays_the_same_constant(int inputRate, int outputRate)
    {
        float[] input = new float[inputRate / 10];
        Array.Fill(input, 0.7f);
        float[] output = ResamplerLab.Run(input, inputRate, outputRate);
        int edge = 100 * Math.Max(1, outputRate / inputRate);

        foreach (float sample in output.AsSpan()[edge..^edge])
            Assert.InRange(sample, 0.7f - 1e-6f, 0.7f + 1e-6f);
    }

    [Theory]
    [InlineData(24_000, 48_000)]
    [InlineData(44_100, 48_000)]
    [InlineData(48_000, 8_000)]
    [InlineData(47_999, 48_000)]
    public void An_impulse_answers_symmetrically_around_its_own_time(int inputRate, int outputRate)
    {
        // One second is on a frame of both rates.
        float[] input = new float[2 * inputRate];
        input[inputRate] = 1;
        float[] output = ResamplerLab.Run(input, inputRate, outputRate);

        int reach = 80 * Math.Max(1, outputRate / inputRate);
        Assert.Equal(output.Max(), output[outputRate]);
        Assert.True(output[outputRate] > 0.9 * Math.Min(1.0, (double)outputRate / inputRate));
        Assert.Contains(output[(outputRate - reach)..outputRate], sample => sample != 0);
        for (int i = 1; i <= reach; i++)
            Assert.Equal(output[outputRate - i], output[outputRate + i], 1e-7f);
    }

    private static float[] Middle(double frequency, int inputRate, int outputRate, out int first)
    {
        // The filter reaches 80 frames of the lower rate to either side; there the ends of the sine show.
        first = 100 * Math.Max(1, outputRate / inputRate);
        int window = inputRate > 10 * outputRate ? Window / 4 : Window;
        int frames = (int)((window + 2L * first) * inputRate / outputRate) + 1;
        float[] output = ResamplerLab.Run(
            ResamplerLab.Sine(frequency, inputRate, frames, Amplitude), inputRate, outputRate);
        return output[first..(first + window)];
    }
}
