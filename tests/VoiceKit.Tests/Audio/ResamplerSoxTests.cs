using System.Runtime.InteropServices;
using VoiceKit.Audio;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Audio;

/// <summary>Compares with the "very high quality" resampler of the program sox.</summary>
public sealed class ResamplerSoxTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("voicekit-resampler-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(48_000)]
    [InlineData(44_100)]
    [InlineData(16_000)]
    [InlineData(8_000)]
    public void Speech(int outputRate)
    {
        string wav = Path.Combine(_folder, "speech.wav");
        string raw = Path.Combine(_folder, "speech.f32");
        Oracle.Run("espeak-ng", "-w", wav, "Six sharp shells lie on the sunny shore; she sees them all, and then she sings.");
        Oracle.Run("sox", wav, "-t", "f32", raw, "gain", "-6");
        float[] speech = Load(raw);
        Assert.True(ResamplerLab.Rms(speech) > 0.01);

        Compare(speech, 22_050, outputRate);
    }

    [Theory]
    [InlineData(44_100, 48_000)]
    [InlineData(48_000, 44_100)]
    [InlineData(44_056, 48_000)]
    [InlineData(48_000, 16_000)]
    public void Sweep(int inputRate, int outputRate)
    {
        // 20 Hz to 0.45 of the lower rate in two seconds, evenly; it swells and fades, since a sharp end has every frequency.
        double top = 0.45 * Math.Min(inputRate, outputRate);
        float[] sweep = new float[2 * inputRate];
        for (int i = 0; i < sweep.Length; i++)
        {
            double time = (double)i / inputRate;
            double turns = (20 * time) + ((top - 20) * time * time / 4);
            sweep[i] = (float)(0.5 * Math.Sin(Math.PI * time / 2) * Math.Sin(2 * Math.PI * turns));
        }

        Compare(sweep, inputRate, outputRate);
    }

    // The two filters differ between 0.45 and 0.5 of the lower rate on purpose, so what lies above 0.4 is taken off both.
    // A shift by half a sample or a gain error of 0.01 dB would leave less than 60 dB.
    private void Compare(float[] input, int inputRate, int outputRate)
    {
        float[] ours = ResamplerLab.Run(input, inputRate, outputRate);
        float[] theirs = Sox(input, inputRate, outputRate);
        Assert.Equal(theirs.Length, ours.Length);

        double cutoff = 0.425 * Math.Min(inputRate, outputRate) / outputRate;
        float[] kept = LowPass(theirs, cutoff);
        float[] difference = LowPass([.. ours.Zip(theirs, (left, right) => left - right)], cutoff);
        double ratio = ResamplerLab.Decibels(ResamplerLab.Rms(kept) / ResamplerLab.Rms(difference));
        Assert.InRange(ratio, 95, 200);
    }

    // A windowed sinc (Blackman-Harris, four terms), 0.05 of the lower rate from pass band to stop band, delay compensated.
    private static float[] LowPass(float[] signal, double cutoff)
    {
        int reach = (int)(4 * 0.425 / cutoff / 0.05);
        double[] taps = new double[2 * reach + 1];
        for (int i = -reach; i <= reach; i++)
        {
            double turn = Math.PI * i / reach;
            double window = 0.35875 + 0.48829 * Math.Cos(turn) + 0.14128 * Math.Cos(2 * turn) + 0.01168 * Math.Cos(3 * turn);
            taps[i + reach] = window * (i == 0 ? 2 * cutoff : Math.Sin(2 * Math.PI * cutoff * i) / (Math.PI * i));
        }

        float[] filtered = new float[signal.Length];
        for (int n = 0; n < signal.Length; n++)
        {
            double sum = 0;
            for (int i = Math.Max(-reach, -n); i <= Math.Min(reach, signal.Length - 1 - n); i++)
                sum += taps[i + reach] * signal[n + i];
            filtered[n] = (float)sum;
        }

        return filtered;
    }

    private float[] Sox(float[] input, int inputRate, int outputRate)
    {
        string from = Path.Combine(_folder, "in.f32");
        string to = Path.Combine(_folder, "out.f32");
        File.WriteAllBytes(from, MemoryMarshal.AsBytes(input.AsSpan()));
        Oracle.Run("sox", "-t", "f32", "-r", $"{inputRate}", "-c", "1", from, "-t", "f32", to, "rate", "-v", $"{outputRate}");
        return Load(to);
    }

    private static float[] Load(string path) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path)).ToArray();
}
