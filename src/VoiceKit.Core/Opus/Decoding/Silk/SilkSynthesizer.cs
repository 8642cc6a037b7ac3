using System.Runtime.Intrinsics;

namespace VoiceKit.Opus.Decoding.Silk;

/// <summary>
/// Makes a signal of pulses: excitation, long-term and short-term prediction (RFC 6716 §4.2.7.8.6 and §4.2.7.9). One serves both
/// channels; what lasts longer than a frame is in <see cref="SilkChannel"/>.
/// </summary>
internal sealed class SilkSynthesizer
{
    private const int LcgMultiplier = 196_314_165;
    private const int LcgIncrement = 907_633_515;
    private const int PulseAdjustment = 80 << 4; // 80 in Q10
    private const int TapsAhead = SilkFrameParameters.LtpTaps / 2;

    /// <summary>
    /// The signal before and in a frame as the long-term predictor sees it: without short-term prediction, in Q15.
    /// </summary>
    private readonly int[] _whitened = new int[2 * SilkChannel.MaxFrameLength];

    /// <summary>The last samples before a subframe, then its own, before the gain, in Q14.</summary>
    private readonly int[] _synthesized = new int[SilkChannel.MaxOrder + SilkChannel.MaxSubframeLength];

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
        var offset = ExcitationTables.QuantizationOffsets[voiced + indices.QuantizationOffset] << 4;
        var excitation = channel.Excitation.AsSpan(0, channel.FrameLength);
        pulses = pulses[..excitation.Length];
        var seed = indices.Seed;
        for (var i = 0; i < pulses.Length; i++)
        {
            seed = NextRandom(seed);
            var pulse = pulses[i];
            var value = (pulse << 14) - Math.Sign(pulse) * PulseAdjustment + offset;
            excitation[i] = seed < 0 ? -value : value;
            seed += pulse;
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
        LpcSynthesis.ApplyGain(residual, gain >> 6, channel.Signal.AsSpan(channel.HistoryLength + start, length));
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
        if (k == 0 || (k == 2 && channel.Indices.LsfInterpolation < 4))
        {
            var signal = channel.Signal.AsSpan(end - length - channel.Order, length + channel.Order);
            LpcSynthesis.Whiten(signal, parameters.LpcOf(k), channel.Order, before);
            var inverseGain = FixedPoint.Invert(parameters.Gains[k], 47);
            if (k == 0)
                inverseGain = FixedPoint.MultiplyQ16(inverseGain, parameters.LtpScale) << 2;
            Scale(before, inverseGain);
        }
        else if (gainChange != SilkChannel.SameGain)
        {
            Scale(before, gainChange);
        }
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
