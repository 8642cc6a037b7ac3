using VoiceKit.Opus.Decoding.Celt;

namespace VoiceKit.Decoding.Tests.Celt;

/// <summary>The fast inverse MDCT against its definition in double precision.</summary>
public class InverseMdctTests
{
    private const int Overlap = 120;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    [InlineData(2, 4)]
    [InlineData(3, 1)]
    [InlineData(3, 8)]
    public void A_frame_is_the_overlapped_sum_of_its_transforms(int sizeLog, int blocks)
    {
        var length = 120 << sizeLog;
        var random = new Random(sizeLog * 10 + blocks);
        var spectrum = new float[length];
        for (var i = 0; i < length; i++)
            spectrum[i] = (float)(random.NextDouble() * 2 - 1);
        var actual = new float[length + Overlap];
        for (var i = 0; i < Overlap / 2; i++)
            actual[i] = (float)(random.NextDouble() * 2 - 1);
        var expected = Expected(spectrum, blocks, actual);

        new InverseMdct().Synthesize(spectrum, sizeLog, blocks, actual);

        for (var i = 0; i < length + Overlap / 2; i++)
            Assert.Equal(expected[i], actual[i], 2e-5 * Math.Sqrt(length / (double)blocks));
    }

    [Fact]
    public void The_window_keeps_the_power()
    {
        var window = MdctTables.Window;
        for (var i = 0; i < Overlap; i++)
        {
            var inner = Math.Sin(Math.PI / 2 * (i + 0.5) / Overlap);
            Assert.Equal(Math.Sin(Math.PI / 2 * inner * inner), window[i], 1e-7);
            Assert.Equal(1, window[i] * window[i] + window[^(i + 1)] * window[^(i + 1)], 1e-6);
        }
    }

    private static double[] Expected(float[] spectrum, int blocks, float[] last)
    {
        var size = spectrum.Length / blocks;
        var signal = Array.ConvertAll(last, x => (double)x);
        for (var block = 0; block < blocks; block++)
        {
            var at = block * size;
            var samples = Transform(spectrum, block, blocks, size);
            samples.CopyTo(signal, at + Overlap / 2);
            for (var i = 0; i < Overlap / 2; i++)
            {
                var (old, young) = (signal[at + i], signal[at + Overlap - 1 - i]);
                var (rising, falling) = (Window(i), Window(Overlap - 1 - i));
                signal[at + i] = falling * old - rising * young;
                signal[at + Overlap - 1 - i] = rising * old + falling * young;
            }
        }

        return signal;
    }

    /// <summary>
    /// The inverse MDCT without its mirrors: y[n] = Σ X[k] cos(π / S (n + 1/2 + S) (k + 1/2)), S the number of bins.
    /// </summary>
    private static double[] Transform(float[] spectrum, int block, int blocks, int size)
    {
        var samples = new double[size];
        for (var n = 0; n < size; n++)
        {
            for (var k = 0; k < size; k++)
                samples[n] += spectrum[k * blocks + block] * Math.Cos(Math.PI / size * (n + 0.5 + size) * (k + 0.5));
        }

        return samples;
    }

    private static double Window(int i)
    {
        var inner = Math.Sin(Math.PI / 2 * (i + 0.5) / Overlap);
        return Math.Sin(Math.PI / 2 * inner * inner);
    }
}
