namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>Linear prediction for concealment (RFC 6716 §4.4): each sample from those before it.</summary>
internal static class LinearPrediction
{
    private const float NoiseFloor = 1.0001f;
    private const float LagWindow = 0.008f;

    /// <summary>At this part of the signal's energy the prediction is good enough: 30 dB.</summary>
    private const float Enough = 0.001f;

    /// <summary>Correlates a signal with itself.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="window">What fades its beginning in and, mirrored, its end out; may be empty.</param>
    /// <param name="scratch">Room for as many samples.</param>
    /// <param name="correlation">Receives the correlation with no lag, a lag of one sample, and so on.</param>
    public static void Autocorrelate(
        ReadOnlySpan<float> signal, ReadOnlySpan<float> window, Span<float> scratch, Span<float> correlation)
    {
        var faded = scratch[..signal.Length];
        signal.CopyTo(faded);
        for (var i = 0; i < window.Length; i++)
        {
            faded[i] *= window[i];
            faded[^(i + 1)] *= window[i];
        }

        // What all lags have in common first, then the products that only the shorter ones have.
        var common = faded.Length - correlation.Length + 1;
        Correlation.Run(faded[..common], faded, correlation);
        for (var lag = 0; lag < correlation.Length; lag++)
        {
            var rest = 0f;
            for (var i = lag + common; i < faded.Length; i++)
                rest += faded[i] * faded[i - lag];
            correlation[lag] += rest;
        }
    }

    /// <summary>
    /// Adds a little noise, 40 dB below the signal, and widens the spectrum's peaks, so that the recursion stays stable.
    /// </summary>
    public static void Stabilize(Span<float> correlation)
    {
        correlation[0] *= NoiseFloor;
        for (var lag = 1; lag < correlation.Length; lag++)
            correlation[lag] -= correlation[lag] * (LagWindow * LagWindow) * lag * lag;
    }

    /// <summary>Finds the coefficients by the recursion of Levinson and Durbin.</summary>
    public static void Solve(ReadOnlySpan<float> correlation, Span<float> coefficients)
    {
        coefficients.Clear();
        var error = correlation[0];
        if (error == 0)
            return;
        for (var i = 0; i < coefficients.Length; i++)
        {
            var sum = 0f;
            for (var j = 0; j < i; j++)
                sum += coefficients[j] * correlation[i - j];
            var reflection = -((sum + correlation[i + 1]) / error);
            coefficients[i] = reflection;
            Reflect(coefficients[..i], reflection);
            error -= reflection * reflection * error;
            if (error < Enough * correlation[0])
                break;
        }
    }

    private static void Reflect(Span<float> coefficients, float reflection)
    {
        for (var j = 0; j < (coefficients.Length + 1) / 2; j++)
        {
            var first = coefficients[j];
            var second = coefficients[^(j + 1)];
            coefficients[j] = first + reflection * second;
            coefficients[^(j + 1)] = second + reflection * first;
        }
    }
}
