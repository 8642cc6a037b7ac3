using System.Runtime.Intrinsics;

namespace VoiceKit.Opus.Decoding.Silk;

/// <summary>
/// Makes a signal of pulses: excitation, long-term and short-term prediction (RFC 6716 §4.2.7.8.6 and §4.2.7.9). One serves both
/// channels; what lasts longer than a frame is in <see cref="SilkChannel"/>.
/// </summary>
internal sealed class SilkSynthesizer
{
    private const int LcgMultiplier = 196_314_165;
    private const int LcgMultiplier2 = unchecked(LcgMultiplier * LcgMultiplier);
    private const int LcgMultiplier3 = unchecked(LcgMultiplier * LcgMultiplier2);
    private const int LcgMultiplier4 = unchecked(LcgMultiplier * LcgMultiplier3);
    private const int LcgIncrement = 907_633_515;
    private const int PulseAdjustment = 80 << 4; // 80 in Q10
    public const int TapsAhead = SilkFrameParameters.LtpTaps / 2;

    /// <summary>
    /// The signal before and in a frame as the long-term predictor sees it: without short-term prediction, in Q15.
    /// </summary>
    private readonly int[] _whitened = new int[2 * SilkChannel.MaxFrameLength];

    /// <summary>The last samples before a subframe, then its own, before the gain, in Q14.</summary>
    private readonly int[] _synthesized = new int[SilkChannel.MaxOrder + SilkChannel.MaxSubframeLength];

    private readonly LevelSynthesizer? _levels;

    /// <summary>Creates a synthesizer.</summary>
    /// <param name="isForLevels">
    /// Whether only the level of the signal is wanted; what depends on rounding alone may differ then.
    /// </param>
    public SilkSynthesizer(bool isForLevels) => _levels = isForLevels ? new LevelSynthesizer() : null;

    /// <summary>The next number of the linear congruential generator (§4.2.7.7).</summary>
    public static int NextRandom(int seed) => unchecked(LcgMultiplier * seed + LcgIncrement);

    /// <summary>Decodes a frame into the channel's signal.</summary>
    /// <param name="channel">Its state, with the frame's indices.</param>
    /// <param name="parameters">The frame's filters and gains.</param>
    /// <param name="pulses">The frame's pulses.</param>
    public void Synthesize(SilkChannel channel, SilkFrameParameters parameters, ReadOnlySpan<int> pulses)
    {
        MakeExcitation(channel, pulses);
        channel.LpcHistory.AsSpan().CopyTo(_synthesized);
        for (var k = 0; k < channel.SubframeCount; k++)
            SynthesizeSubframe(channel, parameters, k);
        _synthesized.AsSpan(0, SilkChannel.MaxOrder).CopyTo(channel.LpcHistory);
    }

    // §4.2.7.8.6
    private static void MakeExcitation(SilkChannel channel, ReadOnlySpan<int> pulses)
    {
        var indices = channel.Indices;
        var voiced = indices.SignalType == SilkSignalType.Voiced ? 2 : 0;
        var offset = Vector128.Create(ExcitationTables.QuantizationOffsets[voiced + indices.QuantizationOffset] << 4);
        var excitation = channel.Excitation.AsSpan(0, channel.FrameLength);
        pulses = pulses[..excitation.Length];

        // A frame has a multiple of four samples. The seeds of four at once: each pulse adds to those behind it, and so does the
        // last seed of the four before.
        var last = Vector128.Create(indices.Seed);
        for (var i = 0; i < pulses.Length; i += Vector128<int>.Count)
        {
            var pulse = Vector128.Create(pulses[i..]);
            var seeds = pulse + Vector128.Create(LcgIncrement);
            seeds += Vector128.Shuffle(seeds, Vector128.Create(4, 0, 1, 2)) * LcgMultiplier;
            seeds += Vector128.Shuffle(seeds, Vector128.Create(4, 4, 0, 1)) * LcgMultiplier2;
            seeds += last * Vector128.Create(LcgMultiplier, LcgMultiplier2, LcgMultiplier3, LcgMultiplier4);
            last = Vector128.Shuffle(seeds, Vector128.Create(3));

            var isNegative = seeds - pulse >> 31;
            var adjustment = Vector128.Create(PulseAdjustment);
            var towardsZero = (pulse >> 31 & adjustment) - (Vector128.GreaterThan(pulse, Vector128<int>.Zero) & adjustment);
            var value = (pulse << 14) + towardsZero + offset;
            ((value ^ isNegative) - isNegative).StoreTo(excitation[i..]);
        }
    }

    private void SynthesizeSubframe(SilkChannel channel, SilkFrameParameters parameters, int k)
    {
        var length = channel.SubframeLength;
        var start = k * length;
        var gain = parameters.Gains[k];
        var gainChange = channel.ChangeGain(gain);
        if (gainChange != SilkChannel.SameGain)
            Scale(_synthesized.AsSpan(0, SilkChannel.MaxOrder), gainChange);

        var isVoiced = channel.Indices.SignalType == SilkSignalType.Voiced || FadeOutConcealedPitch(channel, parameters, k);
        var excitation = channel.Excitation.AsSpan(start, length);
        var samples = channel.Signal.AsSpan(channel.HistoryLength + start, length);
        if (_levels is not null)
        {
            var history = _synthesized.AsSpan(0, SilkChannel.MaxOrder);
            _levels.Synthesize(channel, parameters, k, isVoiced, gainChange, excitation, history, samples);
            return;
        }

        var synthesized = _synthesized.AsSpan(0, SilkChannel.MaxOrder + length);
        var residual = synthesized[SilkChannel.MaxOrder..];
        if (isVoiced)
        {
            PrepareLongTerm(channel, parameters, k, gainChange);
            var before = parameters.PitchLags[k] + TapsAhead;
            var whitened = _whitened.AsSpan(channel.HistoryLength + start - before, before + length);
            PredictLongTerm(whitened, parameters.LtpFilterOf(k), excitation, residual);
        }
        else
        {
            excitation.CopyTo(residual);
        }

        LpcSynthesis.Filter(synthesized, parameters.LpcOf(k), channel.Order);
        LpcSynthesis.ApplyGain(residual, gain >> 6, samples);
        synthesized[length..].CopyTo(synthesized);
    }

    /// <summary>
    /// After a loss that was concealed as voiced, a frame that is not goes on with a quarter of the pitch for its first half.
    /// </summary>
    private static bool FadeOutConcealedPitch(SilkChannel channel, SilkFrameParameters parameters, int k)
    {
        if (channel.LossCount == 0 || channel.LastSignalType != SilkSignalType.Voiced || k >= 2)
            return false;
        var filter = parameters.LtpFilterOf(k);
        filter.Clear();
        filter[TapsAhead] = 1 << 12;
        parameters.PitchLags[k] = channel.LastLag;
        return true;
    }

    // §4.2.7.9.1: what was heard before is whitened by the filter now in use; what this frame has made only follows the gain.
    private void PrepareLongTerm(SilkChannel channel, SilkFrameParameters parameters, int k, int gainChange)
    {
        var end = channel.HistoryLength + k * channel.SubframeLength;
        var length = parameters.PitchLags[k] + TapsAhead;
        var before = _whitened.AsSpan(end - length, length);
        if (HasNewFilter(channel, k))
        {
            Whiten(channel, parameters, k, before);
            Scale(before, InverseGain(parameters, k));
        }
        else if (gainChange != SilkChannel.SameGain)
        {
            Scale(before, gainChange);
        }
    }

    /// <summary>Whether the short-term filter of a subframe is another one than that of the subframe before.</summary>
    public static bool HasNewFilter(SilkChannel channel, int k) => k == 0 || (k == 2 && channel.Indices.LsfInterpolation < 4);

    /// <summary>Takes the short-term prediction out of what was heard last before a subframe.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="parameters">The frame's parameters.</param>
    /// <param name="k">The subframe.</param>
    /// <param name="whitened">Receives 16-bit samples, up to the subframe.</param>
    public static void Whiten(SilkChannel channel, SilkFrameParameters parameters, int k, Span<int> whitened)
    {
        var end = channel.HistoryLength + k * channel.SubframeLength;
        var signal = channel.Signal.AsSpan(end - whitened.Length - channel.Order, whitened.Length + channel.Order);
        LpcSynthesis.Whiten(signal, parameters.LpcOf(k), channel.Order, whitened);
    }

    /// <summary>What brings whitened samples to Q15 before the gain of a subframe, in Q16.</summary>
    public static int InverseGain(SilkFrameParameters parameters, int k)
    {
        var inverseGain = FixedPoint.Invert(parameters.Gains[k], 47);
        return k == 0 ? FixedPoint.MultiplyQ16(inverseGain, parameters.LtpScale) << 2 : inverseGain;
    }

    /// <summary>Adds the prediction by five taps to the excitation, and keeps the sum for the samples to come.</summary>
    /// <param name="whitened">From two taps before the lag to the end of the subframe.</param>
    /// <param name="filter">The taps in Q14.</param>
    /// <param name="excitation">The excitation of the subframe in Q14.</param>
    /// <param name="residual">Receives the sum in Q14.</param>
    private static void PredictLongTerm(
        Span<int> whitened, ReadOnlySpan<int> filter, ReadOnlySpan<int> excitation, Span<int> residual)
    {
        var lagAhead = whitened.Length - excitation.Length;
        residual = residual[..excitation.Length];

        // The least lag, 16 samples, is long enough to go on by eight. In mediumband, four remain.
        var i = 0;
        for (; i <= excitation.Length - Vector256<int>.Count; i += Vector256<int>.Count)
        {
            var prediction = Vector256.Create(2);
            for (var tap = 0; tap < filter.Length; tap++)
            {
                var delayed = Vector256.Create<int>(whitened[(i + filter.Length - 1 - tap)..]);
                prediction += Lanes.MultiplyQ16(delayed, Vector256.Create(filter[tap]));
            }

            var value = Vector256.Create(excitation[i..]) + (prediction << 1);
            value.StoreTo(residual[i..]);
            (value << 1).StoreTo(whitened[(lagAhead + i)..]);
        }

        for (; i < excitation.Length; i++)
        {
            var prediction = 2;
            for (var tap = 0; tap < filter.Length; tap++)
                prediction += FixedPoint.MultiplyQ16(whitened[i + filter.Length - 1 - tap], filter[tap]);
            var value = excitation[i] + (prediction << 1);
            residual[i] = value;
            whitened[lagAhead + i] = value << 1;
        }
    }

    private static void Scale(Span<int> values, int factor)
    {
        foreach (ref var value in values)
            value = FixedPoint.MultiplyQ16(value, factor);
    }
}
