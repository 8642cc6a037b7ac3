using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using VoiceKit.Audio;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Audio;

/// <summary>
/// Compares with sox (tempo -s) and ffmpeg (atempo): how near each comes to speech that is only shorter or longer.
/// </summary>
public class TimeStretcherOracleTests(ITestOutputHelper console)
{
    private const int Rate = 48_000;
    private const int Bands = 32;
    private const double BandWidth = 250;

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.75)]
    [InlineData(1.25)]
    [InlineData(1.5)]
    [InlineData(2)]
    [InlineData(3)]
    public void Speech_is_as_near_to_the_ideal(double speed)
    {
        var speech = StreamLab.Speak(Rate);
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["in"], MemoryMarshal.AsBytes(speech.AsSpan()));
        var factor = speed.ToString(CultureInfo.InvariantCulture);
        Oracle.Run("sox", "-t", "f32", "-r", "48000", "-c", "1", folder["in"], "-t", "f32", folder["sox"], "tempo", "-s", factor);
        Oracle.Run(
            "ffmpeg", "-v", "error", "-f", "f32le", "-ar", "48000", "-ac", "1", "-i", folder["in"], "-af", $"atempo={factor}",
            "-f", "f32le", folder["ffmpeg"]);

        var ours = StreamLab.Stretch(speech, speed);
        var sox = Oracle.Floats(File.ReadAllBytes(folder["sox"]));
        var ffmpeg = Oracle.Floats(File.ReadAllBytes(folder["ffmpeg"]));

        // Ours is taken as it lies in time, theirs where they fit best.
        var (ourEnvelope, ourSpectrum) = (EnvelopeLikeness(speech, ours, speed, 0), SpectralDistance(speech, ours, speed, 0));
        var (soxEnvelope, soxSpectrum) = Best(speech, sox, speed);
        var (ffmpegEnvelope, ffmpegSpectrum) = Best(speech, ffmpeg, speed);
        console.WriteLine($"envelope {ourEnvelope:F4}, sox {soxEnvelope:F4}, ffmpeg {ffmpegEnvelope:F4}");
        console.WriteLine($"spectrum {ourSpectrum:F2} dB, sox {soxSpectrum:F2} dB, ffmpeg {ffmpegSpectrum:F2} dB");

        Assert.True(ourEnvelope >= Math.Min(soxEnvelope, ffmpegEnvelope), "The envelope is farther off than both of theirs.");
        Assert.True(ourSpectrum <= Math.Max(soxSpectrum, ffmpegSpectrum), "The spectrum is farther off than both of theirs.");
        Assert.InRange(ourEnvelope, 0.95, 1);
        Assert.InRange(EnvelopeLikeness(sox, ours, 1, 0, reach: 2_400), 0.9, 1);
        Assert.InRange(EnvelopeLikeness(ffmpeg, ours, 1, 0, reach: 2_400), 0.9, 1);
        Assert.InRange(ours.Length - sox.Length, -1, 1);
    }

    private static (double Envelope, double Spectrum) Best(float[] original, float[] stretched, double speed)
    {
        var shift = Enumerable.Range(-20, 41).Select(step => step * Rate / 500)
            .MaxBy(shift => EnvelopeLikeness(original, stretched, speed, shift));
        return (EnvelopeLikeness(original, stretched, speed, shift), SpectralDistance(original, stretched, speed, shift));
    }

    // The best of all shifts up to a reach.
    private static double EnvelopeLikeness(float[] original, float[] stretched, double speed, int shift, int reach) =>
        Enumerable.Range(-reach / 96, 2 * reach / 96 + 1)
            .Max(step => EnvelopeLikeness(original, stretched, speed, shift + step * 96));

    // The correlation of the RMS of each 20 ms of output with that of the input it belongs to.
    private static double EnvelopeLikeness(float[] original, float[] stretched, double speed, int shift)
    {
        var window = Rate / 50;
        var count = stretched.Length / window - 4;
        var wanted = new double[count];
        var actual = new double[count];
        for (var i = 0; i < count; i++)
        {
            wanted[i] = StreamLab.Rms(original, i * window * speed, (i + 1) * window * speed);
            actual[i] = StreamLab.Rms(stretched, i * window + shift, (i + 1) * window + shift);
        }

        return Correlation(wanted, actual);
    }

    private static double Correlation(double[] left, double[] right)
    {
        var (leftMean, rightMean) = (left.Average(), right.Average());
        double product = 0, leftPower = 0, rightPower = 0;
        for (var i = 0; i < left.Length; i++)
        {
            product += (left[i] - leftMean) * (right[i] - rightMean);
            leftPower += (left[i] - leftMean) * (left[i] - leftMean);
            rightPower += (right[i] - rightMean) * (right[i] - rightMean);
        }

        return product / Math.Sqrt(leftPower * rightPower);
    }

    // The mean over time of the RMS difference of bands of 250 Hz up to 8 kHz, in dB, above −60 dB of the loudest.
    private static double SpectralDistance(float[] original, float[] stretched, double speed, int shift)
    {
        var hop = Rate / 50;
        var count = stretched.Length / hop - 4;
        var wanted = Enumerable.Range(0, count).Select(i => BandPowers(original, i * hop * speed)).ToArray();
        var actual = Enumerable.Range(0, count).Select(i => BandPowers(stretched, i * hop + shift)).ToArray();
        var floor = wanted.Max(bands => bands.Max()) * 1e-6;
        return wanted.Zip(actual, (left, right) => Math.Sqrt(left.Zip(right, (a, b) =>
            Math.Pow(10 * Math.Log10((a + floor) / (b + floor)), 2)).Average())).Average();
    }

    private static double[] BandPowers(float[] samples, double middle)
    {
        const int Length = 2_048;
        var data = new Complex[Length];
        var start = (int)Math.Round(middle) - Length / 2;
        for (var i = 0; i < Length; i++)
        {
            var sample = start + i >= 0 && start + i < samples.Length ? samples[start + i] : 0;
            data[i] = sample * (0.5 - 0.5 * Math.Cos(2 * Math.PI * i / Length));
        }

        ResamplerLab.Transform(data);
        var powers = new double[Bands];
        for (var bin = 1; bin * (double)Rate / Length < Bands * BandWidth; bin++)
            powers[(int)(bin * (double)Rate / Length / BandWidth)] += data[bin].Magnitude * data[bin].Magnitude;
        return powers;
    }
}
