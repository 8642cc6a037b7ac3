namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>
/// Finds the pitch period that concealment repeats (RFC 6716 §4.4): the lag with the best correlation, first at a quarter of the
/// rate, then at half.
/// </summary>
internal sealed class PitchSearch
{
    private const int MaxLag = 720;
    private const int MinLag = 100;
    private const int Lags = MaxLag - MinLag;
    private const int HalfLength = Concealment.HistoryLength / 2;
    private const int Order = 4;
    private const float Zero = 0.8f;
    private const float Widening = 0.9f;

    private readonly float[] _half = new float[HalfLength];
    private readonly float[] _quarter = new float[HalfLength / 2];
    private readonly float[] _scratch = new float[HalfLength];
    private readonly float[] _correlation = new float[Lags / 2];

    /// <summary>Finds the period at 48 kHz.</summary>
    /// <param name="left">The last samples of the first channel.</param>
    /// <param name="right">Those of the second; empty where there is none.</param>
    public int Find(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        Halve(left, right);
        Flatten();
        for (var i = 0; i < _quarter.Length; i++)
            _quarter[i] = _half[2 * i];

        var (best, second) = FindCoarse();
        best = FindFine(best, second);
        return MaxLag - (2 * best - Offset(best));
    }

    /// <summary>Mixes the channels at half the rate.</summary>
    private void Halve(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        Array.Clear(_half);
        AddHalved(left);
        if (!right.IsEmpty)
            AddHalved(right);
    }

    private void AddHalved(ReadOnlySpan<float> signal)
    {
        _half[0] += 0.5f * (0.5f * signal[1] + signal[0]);
        for (var i = 1; i < HalfLength; i++)
            _half[i] += 0.5f * (0.5f * (signal[2 * i - 1] + signal[2 * i + 1]) + signal[2 * i]);
    }

    /// <summary>Flattens the spectrum by a short prediction, so that formants do not count for pitch.</summary>
    private void Flatten()
    {
        Span<float> correlation = stackalloc float[Order + 1];
        Span<float> coefficients = stackalloc float[Order];
        LinearPrediction.Autocorrelate(_half, default, _scratch, correlation);
        LinearPrediction.Stabilize(correlation);
        LinearPrediction.Solve(correlation, coefficients);
        var factor = 1f;
        foreach (ref var coefficient in coefficients)
        {
            factor *= Widening;
            coefficient *= factor;
        }

        FilterWithZero(coefficients);
    }

    private void FilterWithZero(ReadOnlySpan<float> a)
    {
        Span<float> taps = [a[0] + Zero, a[1] + Zero * a[0], a[2] + Zero * a[1], a[3] + Zero * a[2], Zero * a[3]];
        var (x1, x2, x3, x4, x5) = (0f, 0f, 0f, 0f, 0f);
        foreach (ref var sample in _half.AsSpan())
        {
            var x0 = sample;
            sample = x0 + taps[0] * x1 + taps[1] * x2 + taps[2] * x3 + taps[3] * x4 + taps[4] * x5;
            (x1, x2, x3, x4, x5) = (x0, x1, x2, x3, x4);
        }
    }

    private (int Best, int Second) FindCoarse()
    {
        var recent = _quarter.AsSpan(MaxLag / 4);
        var correlation = _correlation.AsSpan(0, Lags / 4);
        var length = (Concealment.HistoryLength - MaxLag) / 4;
        Correlation.Run(recent[..length], _quarter, correlation);
        return FindBest(correlation, _quarter, length);
    }

    private int FindFine(int best, int second)
    {
        var length = (Concealment.HistoryLength - MaxLag) / 2;
        var recent = _half.AsSpan(MaxLag / 2, length);
        for (var i = 0; i < _correlation.Length; i++)
        {
            var isNear = Math.Abs(i - 2 * best) <= 2 || Math.Abs(i - 2 * second) <= 2;
            _correlation[i] = isNear ? Math.Max(-1, Correlation.Product(recent, _half.AsSpan(i, length))) : 0;
        }

        return FindBest(_correlation, _half, length).Best;
    }

    /// <summary>Finds the two lags with the best correlation, relative to the energy there.</summary>
    private static (int Best, int Second) FindBest(ReadOnlySpan<float> correlation, ReadOnlySpan<float> signal, int length)
    {
        const float Small = 1e-12f;
        var energy = Correlation.Energy(signal[..length], 1);
        var best = (Lag: 0, Score: -1f, Energy: 0f);
        var second = (Lag: 1, Score: -1f, Energy: 0f);
        for (var i = 0; i < correlation.Length; i++)
        {
            if (correlation[i] > 0)
            {
                var scaled = correlation[i] * Small;
                var candidate = (Lag: i, Score: scaled * scaled, Energy: energy);
                if (candidate.Score * best.Energy > best.Score * energy)
                    (best, second) = (candidate, best);
                else if (candidate.Score * second.Energy > second.Score * energy)
                    second = candidate;
            }

            energy = Math.Max(1, energy + (signal[i + length] * signal[i + length] - signal[i] * signal[i]));
        }

        return (best.Lag, second.Lag);
    }

    /// <summary>Whether the period is between two samples at half the rate.</summary>
    private int Offset(int best)
    {
        if (best <= 0 || best >= _correlation.Length - 1)
            return 0;
        var (before, at, after) = (_correlation[best - 1], _correlation[best], _correlation[best + 1]);
        if (after - before > 0.7f * (at - before))
            return 1;
        return before - after > 0.7f * (at - after) ? -1 : 0;
    }
}
