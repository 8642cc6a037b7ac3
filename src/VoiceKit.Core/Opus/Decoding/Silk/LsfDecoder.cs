namespace VoiceKit.Opus.Decoding.Silk;

/// <summary>Makes line spectral frequencies in Q15 of their indices (RFC 6716 §4.2.7.5.3 and §4.2.7.5.5).</summary>
internal static class LsfDecoder
{
    private const int NarrowStep = 11_796; // 0.18 in Q16
    private const int WideStep = 9_830; // 0.15 in Q16
    private const int LevelAdjustment = 102; // 0.1 in Q10

    /// <summary>Reconstructs the frequencies of a frame (§4.2.7.5.3) and stabilizes them (§4.2.7.5.4).</summary>
    /// <param name="stage1">The index of the codebook vector.</param>
    /// <param name="stage2">The index of each coefficient's residual.</param>
    /// <param name="frequencies">Receives 10 or, in wideband, 16 frequencies in Q15, in rising order.</param>
    public static void Reconstruct(int stage1, ReadOnlySpan<int> stage2, Span<int> frequencies)
    {
        var order = frequencies.Length;
        var isWide = order == 16;
        var row = new System.Range(stage1 * order, (stage1 + 1) * order);
        var codebook = (isWide ? WideLsfTables.Stage1Codebook : NarrowLsfTables.Stage1Codebook)[row];
        var weights = (isWide ? WideLsfTables.QuantizationWeights : NarrowLsfTables.QuantizationWeights)[row];
        var choice = (isWide ? WideLsfTables.PredictionWeightChoice : NarrowLsfTables.PredictionWeightChoice)[row];
        var prediction = isWide ? WideLsfTables.PredictionWeights : NarrowLsfTables.PredictionWeights;
        var step = isWide ? WideStep : NarrowStep;

        var residual = 0;
        for (var i = order - 1; i >= 0; i--)
        {
            var predicted = i == order - 1 ? 0 : residual * prediction[i + choice[i] * (order - 1)] >> 8;
            residual = predicted + FixedPoint.MultiplyQ16(Level(stage2[i]), step);
            var frequency = (codebook[i] << 7) + (residual << 14) / weights[i];
            frequencies[i] = Math.Min(Math.Max(frequency, 0), short.MaxValue);
        }

        LsfStabilizer.Stabilize(frequencies, isWide ? WideLsfTables.MinimumSpacing : NarrowLsfTables.MinimumSpacing);
    }

    /// <summary>The frequencies of the first half of a frame (§4.2.7.5.5).</summary>
    /// <param name="before">The frequencies of the frame before.</param>
    /// <param name="now">The frequencies of the frame.</param>
    /// <param name="quarters">The interpolation index, 0 to 3.</param>
    /// <param name="frequencies">Receives the frequencies.</param>
    public static void Interpolate(ReadOnlySpan<int> before, ReadOnlySpan<int> now, int quarters, Span<int> frequencies)
    {
        for (var i = 0; i < frequencies.Length; i++)
            frequencies[i] = before[i] + (quarters * (now[i] - before[i]) >> 2);
    }

    // A level lies a tenth of a step nearer to zero than its index says.
    private static int Level(int index) => (index << 10) - Math.Sign(index) * LevelAdjustment;
}
