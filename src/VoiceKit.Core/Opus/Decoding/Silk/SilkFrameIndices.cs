namespace VoiceKit.Opus.Decoding.Silk;

/// <summary>The side information of one SILK frame as it was coded (RFC 6716 §4.2.7, table 5).</summary>
internal sealed class SilkFrameIndices
{
    /// <summary>The indices of the subframe gains: 0 to 63, or a change less 4.</summary>
    public readonly int[] Gains = new int[4];

    /// <summary>The stage 2 indices of the line spectral frequencies, −10 to 10.</summary>
    public readonly int[] LsfStage2 = new int[16];

    /// <summary>The filter of each subframe in the codebook that <see cref="Periodicity"/> names.</summary>
    public readonly int[] LtpFilters = new int[4];

    public SilkSignalType SignalType { get; set; }

    /// <summary>0 low, 1 high.</summary>
    public int QuantizationOffset { get; set; }

    public int LsfStage1 { get; set; }

    /// <summary>
    /// How far the first half of the frame has come from the frame before to this one, in quarters; 4 is all the way.
    /// </summary>
    public int LsfInterpolation { get; set; }

    /// <summary>The primary lag above the least lag of the bandwidth.</summary>
    public int Lag { get; set; }

    public int PitchContour { get; set; }

    public int Periodicity { get; set; }

    public int LtpScaling { get; set; }

    public int Seed { get; set; }

    public void Clear()
    {
        Array.Clear(Gains);
        Array.Clear(LsfStage2);
        Array.Clear(LtpFilters);
        SignalType = SilkSignalType.Inactive;
        QuantizationOffset = LsfStage1 = LsfInterpolation = Lag = PitchContour = Periodicity = LtpScaling = Seed = 0;
    }
}
