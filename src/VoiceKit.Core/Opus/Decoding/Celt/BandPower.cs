namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>
/// How loud bands will be in the output, from their energies alone. The MDCT keeps energy, so the mean square is half the sum
/// of the bands' energies, each by what de-emphasis gives its frequencies, divided by the number of short MDCTs.
/// </summary>
internal static class BandPower
{
    private const int Steps = 8;
    private const double DeEmphasisFactor = 0.8500061035;
    private const float FullScalePower = 32768f * 32768f;
    private static readonly float[] DeEmphasisPowers = BuildDeEmphasisPowers();

    /// <summary>The mean square over the channels of the stream; 1 is that of full scale.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="energies">The energies of its bands.</param>
    /// <param name="start">The first band that counts.</param>
    public static float Sum(CeltFrame frame, ReadOnlySpan<float> energies, int start)
    {
        var sum = 0f;
        for (var channel = 0; channel < frame.Channels; channel++)
        {
            for (var band = start; band < frame.EndBand; band++)
            {
                var gain = Denormalization.Gain(band, energies[channel * CeltBands.Count + band]);
                sum += gain * gain * DeEmphasisPowers[band];
            }
        }

        return sum / (2 * frame.Channels * frame.Blocks * FullScalePower);
    }

    /// <summary>The mean power of 1 / (1 - a z^-1) over the frequencies of each band.</summary>
    private static float[] BuildDeEmphasisPowers()
    {
        var powers = new float[CeltBands.Count];
        for (var band = 0; band < powers.Length; band++)
        {
            var sum = 0.0;
            for (var step = 0; step < Steps; step++)
            {
                var bin = CeltBands.Edges[band] + (step + 0.5) / Steps * CeltBands.Width(band);
                var cosine = Trigonometry.OfTurns(bin / (2 * CeltBands.ShortLength)).Cosine;
                sum += 1 / (1 - 2 * DeEmphasisFactor * cosine + DeEmphasisFactor * DeEmphasisFactor);
            }

            powers[band] = (float)(sum / Steps);
        }

        return powers;
    }
}
