using System.Runtime.Intrinsics;

namespace VoiceKit.Opus.Decoding.Silk;

/// <summary>
/// Long-term and short-term prediction (RFC 6716 §4.2.7.9) in floating point, for signals of which only the level is wanted. It
/// differs from <see cref="SilkSynthesizer"/> by rounding.
/// </summary>
internal sealed class LevelSynthesizer
{
    private const float Q16 = 1f / (1 << 16);
    private const int Lanes = 4;

    /// <summary>The signal before and in a frame without short-term prediction, in Q15.</summary>
    private readonly float[] _predicted = new float[2 * SilkChannel.MaxFrameLength];

    private readonly int[] _whitened = new int[SilkChannel.MaxFrameLength];
    private readonly float[] _residual = new float[SilkChannel.MaxSubframeLength];

    /// <summary>Makes the samples of a subframe.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="parameters">The frame's filters and gains.</param>
    /// <param name="k">The subframe.</param>
    /// <param name="isVoiced">Whether there is long-term prediction.</param>
    /// <param name="gainChange">By how much what was made at the gain before has to be scaled, in Q16.</param>
    /// <param name="excitation">The subframe's excitation in Q14.</param>
    /// <param name="history">The last 16 samples before the gain, in Q14; receives those of this subframe.</param>
    /// <param name="samples">Receives 16-bit samples.</param>
    public void Synthesize(
        SilkChannel channel,
        SilkFrameParameters parameters,
        int k,
        bool isVoiced,
        int gainChange,
        ReadOnlySpan<int> excitation,
        Span<int> history,
        Span<int> samples)
    {
        var residual = _residual.AsSpan(0, excitation.Length);
        Convert(excitation, residual);
        if (isVoiced)
        {
            PrepareLongTerm(channel, parameters, k, gainChange);
            var before = parameters.PitchLags[k] + SilkSynthesizer.TapsAhead;
            var start = channel.HistoryLength + k * channel.SubframeLength - before;
            PredictLongTerm(_predicted.AsSpan(start, before + residual.Length), parameters.LtpFilterOf(k), residual);
        }

        LevelLpcSynthesis.Filter(history, residual, parameters.LpcOf(k), parameters.Gains[k] >> 6, samples);
    }

    private void PrepareLongTerm(SilkChannel channel, SilkFrameParameters parameters, int k, int gainChange)
    {
        var end = channel.HistoryLength + k * channel.SubframeLength;
        var length = parameters.PitchLags[k] + SilkSynthesizer.TapsAhead;
        var before = _predicted.AsSpan(end - length, length);
        if (SilkSynthesizer.HasNewFilter(channel, k))
        {
            var whitened = _whitened.AsSpan(0, length);
            SilkSynthesizer.Whiten(channel, parameters, k, whitened);
            Scale(whitened, SilkSynthesizer.InverseGain(parameters, k) * Q16, before);
        }
        else if (gainChange != SilkChannel.SameGain)
        {
            Scale(before, gainChange * Q16);
        }
    }

    // The least lag, 16 samples, is long enough to go on by four.
    private static void PredictLongTerm(Span<float> predicted, ReadOnlySpan<int> filter, Span<float> residual)
    {
        var lagAhead = predicted.Length - residual.Length;
        var (tap0, tap1, tap2) = (Tap(filter[0]), Tap(filter[1]), Tap(filter[2]));
        var (tap3, tap4) = (Tap(filter[3]), Tap(filter[4]));
        for (var i = 0; i < residual.Length; i += Lanes)
        {
            var value = Vector128.Create<float>(residual[i..])
                + Vector128.Create<float>(predicted[(i + 4)..]) * tap0
                + Vector128.Create<float>(predicted[(i + 3)..]) * tap1
                + Vector128.Create<float>(predicted[(i + 2)..]) * tap2
                + Vector128.Create<float>(predicted[(i + 1)..]) * tap3
                + Vector128.Create<float>(predicted[i..]) * tap4;
            value.StoreTo(residual[i..]);
            (value + value).StoreTo(predicted[(lagAhead + i)..]);
        }
    }

    // Taps are in Q14, what they are for in Q15, and the residual in Q14.
    private static Vector128<float> Tap(int tap) => Vector128.Create(tap * (2 * Q16));

    // A subframe has 40, 60 or 80 samples. With a length that is known, a piece needs one look at the bounds.
    private static void Convert(ReadOnlySpan<int> excitation, Span<float> residual)
    {
        const int Piece = 5 * Lanes;
        for (var i = 0; i < residual.Length; i += Piece)
        {
            var from = excitation.Slice(i, Piece);
            var to = residual.Slice(i, Piece);
            Vector128.ConvertToSingle(Vector128.Create(from)).StoreTo(to);
            Vector128.ConvertToSingle(Vector128.Create(from[Lanes..])).StoreTo(to[Lanes..]);
            Vector128.ConvertToSingle(Vector128.Create(from[(2 * Lanes)..])).StoreTo(to[(2 * Lanes)..]);
            Vector128.ConvertToSingle(Vector128.Create(from[(3 * Lanes)..])).StoreTo(to[(3 * Lanes)..]);
            Vector128.ConvertToSingle(Vector128.Create(from[(4 * Lanes)..])).StoreTo(to[(4 * Lanes)..]);
        }
    }

    private static void Scale(ReadOnlySpan<int> values, float factor, Span<float> scaled)
    {
        scaled = scaled[..values.Length];
        var i = 0;
        for (; i <= values.Length - Lanes; i += Lanes)
            (Vector128.ConvertToSingle(Vector128.Create(values[i..])) * factor).StoreTo(scaled[i..]);
        for (; i < values.Length; i++)
            scaled[i] = values[i] * factor;
    }

    private static void Scale(Span<float> values, float factor)
    {
        var i = 0;
        for (; i <= values.Length - Lanes; i += Lanes)
            (Vector128.Create<float>(values[i..]) * factor).StoreTo(values[i..]);
        for (; i < values.Length; i++)
            values[i] *= factor;
    }
}
