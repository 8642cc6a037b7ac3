using VoiceKit.Opus.Decoding.Celt;

namespace VoiceKit.Decoding.Tests.Celt;

/// <summary>The steps on the signal, done in vectors, against their definitions one sample after another.</summary>
public class SignalStepTests
{
    [Fact]
    public void Noise_in_vectors_is_the_noise_one_by_one()
    {
        for (var length = 1; length < 40; length++)
        {
            var vector = new float[length];
            uint seed = 12345;
            Noise.Fill(vector, ref seed);

            uint expected = 12345;
            foreach (var value in vector)
            {
                expected = Noise.Next(expected);
                Assert.Equal((int)expected >> 20, value);
            }

            Assert.Equal(expected, seed);
        }
    }

    [Fact]
    public void Folding_adds_noise_by_its_bits()
    {
        var source = Random(37, 1);
        var vector = new float[37];
        uint seed = 99;
        Noise.Fold(source, vector, ref seed);

        uint expected = 99;
        for (var i = 0; i < vector.Length; i++)
        {
            expected = Noise.Next(expected);
            Assert.Equal(source[i] + ((expected & 0x8000) != 0 ? 1 : -1) / 256f, vector[i]);
        }
    }

    [Theory]
    [InlineData(8, 1, 1, 3)]
    [InlineData(16, 1, 2, 2)]
    [InlineData(16, 2, 3, 1)]
    [InlineData(48, 1, 5, 2)]
    [InlineData(96, 8, 7, 3)]
    [InlineData(144, 1, 9, 2)]
    [InlineData(176, 1, 3, 1)]
    public void Spreading_is_a_row_of_rotations(int length, int blocks, int pulses, int spread)
    {
        var actual = Random(length, length);
        var expected = Array.ConvertAll(actual, x => (double)x);
        Spreading.Apply(actual, blocks, pulses, spread);
        SpreadByTheStandard(expected, blocks, pulses, spread);
        for (var i = 0; i < length; i++)
            Assert.Equal(expected[i], actual[i], 1e-5);
    }

    [Theory]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(21)]
    [InlineData(400)]
    [InlineData(1022)]
    public void The_post_filter_works_on_its_own_output(int period)
    {
        const int Start = 1088;
        var setting = new PostFilterSetting(period, 0.75f, 0);
        var before = new PostFilterSetting(period + 1, 0.375f, 2) with { Period = Math.Max(15, period - 3) };
        var actual = Random(Start + 360, period);
        var expected = Array.ConvertAll(actual, x => (double)x);
        PostFilter.Apply(actual, Start, 360, before, setting);

        for (var i = 0; i < 360; i++)
        {
            var share = i < 120 ? MdctTables.SquaredWindow[i] : 1;
            var at = Start + i;
            expected[at] += (1 - share) * 0.375 * (0.7998046875 * expected[at - before.Period]
                    + 0.1000976562 * (expected[at - before.Period - 1] + expected[at - before.Period + 1]))
                + share * 0.75 * (0.3066406250 * expected[at - period]
                    + 0.2170410156 * (expected[at - period - 1] + expected[at - period + 1])
                    + 0.1296386719 * (expected[at - period - 2] + expected[at - period + 2]));
            Assert.Equal(expected[at], actual[at], 1e-4);
        }
    }

    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(2, 1, false)]
    [InlineData(2, 1, true)]
    [InlineData(1, 1, true)]
    [InlineData(1, 3, true)]
    [InlineData(2, 6, false)]
    [InlineData(2, 2, false)]
    public void De_emphasis_is_a_filter_of_first_order(int channels, int decimation, bool accumulate)
    {
        const int Length = 240;
        var deEmphasis = new DeEmphasis(channels, decimation);
        var last = new double[channels];
        for (var frame = 0; frame < 3; frame++)
        {
            var signals = new[] { Random(Length, frame), Random(Length, frame + 10) };
            var pcm = Random(Length / decimation * channels, frame + 20);
            var there = (float[])pcm.Clone();
            deEmphasis.Apply(signals[0], channels == 2 ? signals[1] : default, pcm, accumulate);
            for (var i = 0; i < Length; i++)
            {
                for (var channel = 0; channel < channels; channel++)
                {
                    last[channel] = signals[channel][i] + 0.8500061035 * last[channel];
                    var at = i / decimation * channels + channel;
                    if (i % decimation == 0)
                        Assert.Equal(last[channel] / 32768 + (accumulate ? there[at] : 0), pcm[at], 1e-6);
                }
            }
        }
    }

    [Fact]
    public void Own_functions_are_those_of_mathematics()
    {
        for (var i = 0; i <= 1000; i++)
        {
            var x = i / 1000.0;
            var (cosine, sine) = Trigonometry.OfTurns(x);
            Assert.Equal(Math.Cos(2 * Math.PI * x), cosine, 1e-11);
            Assert.Equal(Math.Sin(2 * Math.PI * x), sine, 1e-11);
            Assert.Equal(Math.Cos(Math.PI / 2 * (float)x), Trigonometry.CosineOfQuarters((float)x), 1e-7);
            var exponent = (float)(x * 100 - 60);
            Assert.Equal(1, Trigonometry.PowerOfTwo(exponent) / Math.Pow(2, exponent), 1e-7);
        }

        Assert.Equal(0, Trigonometry.PowerOfTwo(-500));
    }

    private static void SpreadByTheStandard(double[] x, int blocks, int pulses, int spread)
    {
        if (2 * pulses >= x.Length)
            return;
        var gain = x.Length / (double)(x.Length + new[] { 0, 15, 10, 5 }[spread] * pulses);
        var angle = Math.PI * gain * gain / 4;
        var size = x.Length / blocks;
        var stride = (int)Math.Round(Math.Sqrt(size));
        for (var block = 0; block < blocks; block++)
        {
            var part = x.AsSpan(block * size, size);
            if (size >= 8)
                Rotate(part, stride, Math.PI / 2 - angle);
            Rotate(part, 1, angle);
        }
    }

    private static void Rotate(Span<double> x, int stride, double angle)
    {
        for (var i = 0; i < x.Length - stride; i++)
            RotatePair(ref x[i], ref x[i + stride], angle);
        for (var i = x.Length - 2 * stride - 1; i >= 0; i--)
            RotatePair(ref x[i], ref x[i + stride], angle);
    }

    private static void RotatePair(ref double first, ref double second, double angle)
    {
        var (x, y) = (first, second);
        first = Math.Cos(angle) * x - Math.Sin(angle) * y;
        second = Math.Sin(angle) * x + Math.Cos(angle) * y;
    }

    private static float[] Random(int length, int seed)
    {
        var random = new Random(seed);
        var values = new float[length];
        for (var i = 0; i < length; i++)
            values[i] = (float)(random.NextDouble() * 2 - 1);
        return values;
    }
}
