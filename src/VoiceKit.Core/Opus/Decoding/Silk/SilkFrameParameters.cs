namespace VoiceKit.Opus.Decoding.Silk;

/// <summary>What the side information of one SILK frame means: the filters and gains that make sound of its excitation.</summary>
internal sealed class SilkFrameParameters
{
    public const int LtpTaps = 5;

    /// <summary>The lag of each subframe in samples.</summary>
    public readonly int[] PitchLags = new int[4];

    /// <summary>The gain of each subframe in Q16.</summary>
    public readonly int[] Gains = new int[4];

    /// <summary>The prediction coefficients of the first two subframes of four in Q12; zero above the order.</summary>
    public readonly int[] LpcFirstHalf = new int[16];

    /// <summary>The prediction coefficients of the last two subframes in Q12; zero above the order.</summary>
    public readonly int[] LpcSecondHalf = new int[16];

    /// <summary>Five taps a subframe in Q14.</summary>
    public readonly int[] LtpFilters = new int[4 * LtpTaps];

    /// <summary>How much of the signal before the frame goes into long-term prediction, in Q14.</summary>
    public int LtpScale { get; set; }

    /// <summary>The five taps of a subframe.</summary>
    public Span<int> LtpFilterOf(int subframe) => LtpFilters.AsSpan(subframe * LtpTaps, LtpTaps);

    /// <summary>The prediction coefficients of a subframe.</summary>
    public ReadOnlySpan<int> LpcOf(int subframe) => subframe < 2 ? LpcFirstHalf : LpcSecondHalf;
}
