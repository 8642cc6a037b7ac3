using VoiceKit.Opus.Decoding.Silk;

namespace VoiceKit.Decoding.Tests;

/// <summary>The quick look at a filter never takes one for stable that the exact one does not.</summary>
public class PredictionGainTests
{
    [Theory]
    [InlineData(10, 1)]
    [InlineData(16, 2)]
    public void What_is_clearly_stable_is_stable(int order, int seed)
    {
        var random = new Random(seed);
        var coefficients = new int[order];
        var (clear, unstable) = (0, 0);
        for (var i = 0; i < 200_000; i++)
        {
            MakeFilter(random, coefficients);
            var isStable = PredictionGain.Inverse(coefficients) != 0;
            var isClear = PredictionGain.IsClearlyStable(coefficients);
            Assert.True(isStable || !isClear, string.Join(", ", coefficients));
            clear += isClear ? 1 : 0;
            unstable += isStable ? 0 : 1;
        }

        // Both kinds were there, and the quick look is of use.
        Assert.InRange(clear, 20_000, 200_000);
        Assert.InRange(unstable, 1000, 200_000);
    }

    // By Levinson's recursion from reflections, most of them small and some near 1 or beyond.
    private static void MakeFilter(Random random, Span<int> coefficients)
    {
        Span<double> filter = stackalloc double[coefficients.Length];
        Span<double> before = stackalloc double[coefficients.Length];
        for (var k = 0; k < filter.Length; k++)
        {
            var reflection = Math.Tanh((random.NextDouble() - 0.5) * (k < 2 ? 8 : 2));
            if (random.Next(400) == 0)
                reflection *= 1.1;
            filter[..k].CopyTo(before);
            for (var n = 0; n < k; n++)
                filter[n] = before[n] - reflection * before[k - 1 - n];
            filter[k] = reflection;
        }

        for (var i = 0; i < coefficients.Length; i++)
            coefficients[i] = (int)Math.Clamp(Math.Round(filter[i] * 4096), short.MinValue, short.MaxValue);
    }
}
