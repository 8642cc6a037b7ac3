namespace VoiceKit.Opus.Decoding.Silk;

/// <summary>Short-term prediction and its inverse (RFC 6716 §4.2.7.9.2 and §4.2.7.9.1).</summary>
internal static class LpcSynthesis
{
    /// <summary>Filters a residual in place.</summary>
    /// <param name="signal">16 samples that were made before, then the residual, in Q14; the residual becomes the signal.</param>
    /// <param name="coefficients">16 coefficients in Q12, those above the order zero.</param>
    /// <param name="order">10 or 16.</param>
    public static void Filter(Span<int> signal, ReadOnlySpan<int> coefficients, int order)
    {
        for (var i = SilkChannel.MaxOrder; i < signal.Length; i++)
        {
            // Products are rounded down. Half of one for each makes up for it.
            var prediction = order >> 1;
            for (var k = 0; k < order; k++)
                prediction += FixedPoint.MultiplyQ16(signal[i - 1 - k], coefficients[k]);
            signal[i] = FixedPoint.AddSaturated(signal[i], FixedPoint.ShiftLeftSaturated(prediction, 4));
        }
    }

    /// <summary>Brings a signal to its level.</summary>
    /// <param name="signal">A signal in Q14.</param>
    /// <param name="gain">Its gain in Q10.</param>
    /// <param name="samples">Receives 16-bit samples.</param>
    public static void ApplyGain(ReadOnlySpan<int> signal, int gain, Span<int> samples)
    {
        for (var i = 0; i < signal.Length; i++)
            samples[i] = FixedPoint.Saturate16(FixedPoint.RoundShift(FixedPoint.MultiplyQ16(signal[i], gain), 8));
    }

    /// <summary>Takes the short-term prediction out of a signal.</summary>
    /// <param name="signal">As many 16-bit samples as the order says, then those to whiten.</param>
    /// <param name="coefficients">Coefficients in Q12.</param>
    /// <param name="order">10 or 16.</param>
    /// <param name="whitened">Receives 16-bit samples.</param>
    public static void Whiten(ReadOnlySpan<int> signal, ReadOnlySpan<int> coefficients, int order, Span<int> whitened)
    {
        for (var i = 0; i < whitened.Length; i++)
        {
            var rest = signal[i + order] << 12;
            for (var k = 0; k < order; k++)
                rest -= signal[i + order - 1 - k] * coefficients[k];
            whitened[i] = FixedPoint.Saturate16(FixedPoint.RoundShift(rest, 12));
        }
    }
}
