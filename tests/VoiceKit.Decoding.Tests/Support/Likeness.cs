namespace VoiceKit.Decoding.Tests.Support;

/// <summary>How much a signal differs from what it should be.</summary>
internal static class Likeness
{
    /// <summary>An error that is no more than the rounding of floats at full scale, −140 dB, counts as none.</summary>
    private const double Floor = 1e-14;

    /// <summary>The signal-to-noise ratio in dB.</summary>
    public static double Ratio(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        var sum = new LikenessSum();
        sum.Add(expected, actual);
        return sum.Ratio;
    }

    internal struct LikenessSum
    {
        private double _signal;
        private double _error;
        private long _count;

        public readonly double Ratio => 10 * Math.Log10((_signal + Floor * _count) / (_error + 1e-30));

        public readonly long Count => _count;

        public void Add(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
        {
            Assert.Equal(expected.Length, actual.Length);
            for (var i = 0; i < expected.Length; i++)
            {
                _signal += (double)expected[i] * expected[i];
                var error = (double)expected[i] - actual[i];
                _error += error * error;
            }

            _count += expected.Length;
        }
    }
}
