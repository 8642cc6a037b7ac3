using System.Numerics;
using VoiceKit.Audio;

namespace VoiceKit.Tests.Audio;

/// <summary>Signals and measurements for the resampler, all in double.</summary>
internal static class ResamplerLab
{
    /// <summary>The whole stream in one go, from the first frame to the last.</summary>
    public static float[] Run(float[] input, int inputRate, int outputRate, int channels = 1)
    {
        Resampler resampler = new(inputRate, outputRate, channels);
        float[] output = new float[Resampler.OutputFrames(input.Length / channels, inputRate, outputRate) * channels];
        resampler.Process(input, output, out int consumed, out int produced);
        Assert.Equal(input.Length, consumed);
        int flushed;
        while (produced < output.Length && (flushed = resampler.Flush(output.AsSpan(produced))) > 0)
            produced += flushed;
        Assert.Equal(output.Length, produced);
        Assert.Equal(0, resampler.Flush(new float[channels]));
        return output;
    }

    public static float[] Sine(double frequency, int rate, int frames, double amplitude)
    {
        float[] sine = new float[frames];
        for (int i = 0; i < frames; i++)
            sine[i] = (float)(amplitude * Math.Sin(2 * Math.PI * Math.IEEERemainder(frequency * i / rate, 1)));
        return sine;
    }

    /// <summary>White noise, the same for the same seed, in ±0.5.</summary>
    public static float[] Noise(int samples, int seed = 1)
    {
        Random random = new(seed);
        float[] noise = new float[samples];
        for (int i = 0; i < samples; i++)
            noise[i] = random.NextSingle() - 0.5f;
        return noise;
    }

    public static double Decibels(double ratio) => 20 * Math.Log10(ratio);

    public static double Rms(ReadOnlySpan<float> signal)
    {
        double sum = 0;
        foreach (float sample in signal)
            sum += (double)sample * sample;
        return Math.Sqrt(sum / signal.Length);
    }

    /// <summary>
    /// Fits a·sin(ωn) + b·cos(ωn) + c by least squares, n counted from <paramref name="first"/>, and gives what is left.
    /// </summary>
    public static SineFit Fit(ReadOnlySpan<float> signal, double frequency, int rate, long first)
    {
        double[,] normal = new double[3, 4];
        for (int i = 0; i < signal.Length; i++)
        {
            (double sin, double cos) = Math.SinCos(Angle(frequency, rate, first + i));
            ReadOnlySpan<double> basis = [sin, cos, 1, signal[i]];
            for (int row = 0; row < 3; row++)
                for (int column = 0; column < 4; column++)
                    normal[row, column] += basis[row] * basis[column];
        }

        double[] x = Solve(normal);
        double residual = 0;
        for (int i = 0; i < signal.Length; i++)
        {
            (double sin, double cos) = Math.SinCos(Angle(frequency, rate, first + i));
            double error = signal[i] - x[0] * sin - x[1] * cos - x[2];
            residual += error * error;
        }

        residual += x[2] * x[2] * signal.Length;
        double amplitude = Math.Sqrt(x[0] * x[0] + x[1] * x[1]);
        return new SineFit(amplitude, Math.Atan2(x[1], x[0]), Math.Sqrt(residual / signal.Length));
    }

    /// <summary>
    /// THD+N in dB by the spectrum: everything but the fundamental's main lobe over the fundamental, after a Blackman-Harris
    /// window of seven terms (main lobe ± 7 bins, side lobes below −160 dB). The length is a power of two.
    /// </summary>
    public static double SpectralThdN(ReadOnlySpan<float> signal, double frequency, int rate)
    {
        const int Lobe = 8;
        double[] power = PowerSpectrum(signal);
        int peak = (int)Math.Round(frequency * signal.Length / rate);
        double tone = 0;
        double rest = 0;
        for (int bin = 0; bin < power.Length; bin++)
        {
            if (Math.Abs(bin - peak) <= Lobe)
                tone += power[bin];
            else
                rest += power[bin];
        }

        return 10 * Math.Log10(rest / tone);
    }

    /// <summary>The power in the bins 0 … N / 2 of a windowed DFT.</summary>
    public static double[] PowerSpectrum(ReadOnlySpan<float> signal)
    {
        ReadOnlySpan<double> terms =
        [
            0.27105140069342, -0.43329793923448, 0.21812299954311, -0.06592544638803, 0.01081174209837,
            -0.00077658482522, 0.00001388721735,
        ];
        Complex[] data = new Complex[signal.Length];
        for (int i = 0; i < signal.Length; i++)
        {
            double window = 0;
            for (int k = 0; k < terms.Length; k++)
                window += terms[k] * Math.Cos(2 * Math.PI * k * i / signal.Length);
            data[i] = signal[i] * window;
        }

        Transform(data);
        return [.. data.Take(signal.Length / 2 + 1).Select(bin => bin.Real * bin.Real + bin.Imaginary * bin.Imaginary)];
    }

    /// <summary>Reads a stream to its end with buffers of the given size in floats.</summary>
    public static float[] ReadAll(IAudioReader reader, int bufferSize)
    {
        List<float> all = [];
        float[] buffer = new float[bufferSize];
        int read;
        while ((read = reader.Read(buffer)) > 0)
            all.AddRange(buffer.AsSpan(0, read));
        return [.. all];
    }

    private static double Angle(double frequency, int rate, long frame) =>
        2 * Math.PI * Math.IEEERemainder(frequency * frame / rate, 1);

    // Gauss elimination of three equations; the system is positive definite, so no pivoting.
    private static double[] Solve(double[,] m)
    {
        for (int pivot = 0; pivot < 3; pivot++)
        {
            for (int row = 0; row < 3; row++)
            {
                double factor = m[row, pivot] / m[pivot, pivot];
                for (int column = pivot; row != pivot && column < 4; column++)
                    m[row, column] -= factor * m[pivot, column];
            }
        }

        return [m[0, 3] / m[0, 0], m[1, 3] / m[1, 1], m[2, 3] / m[2, 2]];
    }

    // Radix-2 FFT, decimation in time.
    public static void Transform(Span<Complex> data)
    {
        if (data.Length == 1)
            return;
        int half = data.Length / 2;
        Complex[] even = new Complex[half];
        Complex[] odd = new Complex[half];
        for (int i = 0; i < half; i++)
            (even[i], odd[i]) = (data[2 * i], data[2 * i + 1]);
        Transform(even);
        Transform(odd);
        for (int i = 0; i < half; i++)
        {
            Complex turned = odd[i] * Complex.FromPolarCoordinates(1, -2 * Math.PI * i / data.Length);
            (data[i], data[i + half]) = (even[i] + turned, even[i] - turned);
        }
    }
}

/// <summary>A fitted sine: amplitude, phase in radians, and the RMS of what is not the sine (offset included).</summary>
internal readonly record struct SineFit(double Amplitude, double Phase, double Residual)
{
    /// <summary>Distortion and noise over the sine, in dB.</summary>
    public double ThdN => ResamplerLab.Decibels(Residual / (Amplitude / Math.Sqrt(2)));
}
