using System.Runtime.Intrinsics;

namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>
/// Concealment of a lost frame by repeating the last pitch period (RFC 6716 §4.4, after the reference decoder): the excitation of
/// a linear prediction is repeated and filtered again. Nothing of it is computed before a frame is lost.
/// </summary>
internal sealed class Concealment(int channels)
{
    /// <summary>Samples of one channel that are kept: what concealment looks at.</summary>
    public const int HistoryLength = 2048;

    private const int Order = 24;
    private const int Period = 1024;
    private const int Half = CeltBands.Overlap / 2;
    private const float FadeOfLater = 0.8f;

    private readonly float[] _coefficients = new float[channels * Order];
    private readonly float[] _excitation = new float[Order + Period];
    private readonly float[] _filtered = new float[Period];
    private readonly float[] _correlation = new float[Order + 1];
    private readonly float[] _overlap = new float[CeltBands.Overlap];
    private readonly float[] _synthesis = new float[Order + CeltBands.MaxLength + CeltBands.Overlap];
    private readonly PitchSearch _search = new();
    private int _pitch;

    /// <summary>Makes the samples of a lost frame.</summary>
    /// <param name="left">The first channel: its history, and room for what the frame leaves; moved on by the frame.</param>
    /// <param name="right">The second channel; empty where there is none.</param>
    /// <param name="length">The frame's length.</param>
    /// <param name="isFirst">Whether the frame before was not lost.</param>
    /// <param name="postFilter">The filter of the last frame.</param>
    public void Run(Span<float> left, Span<float> right, int length, bool isFirst, PostFilterSetting postFilter)
    {
        if (isFirst)
            _pitch = _search.Find(left[..HistoryLength], right.IsEmpty ? default : right[..HistoryLength]);
        RunChannel(left, _coefficients.AsSpan(0, Order), length, isFirst, postFilter);
        if (!right.IsEmpty)
            RunChannel(right, _coefficients.AsSpan(Order, Order), length, isFirst, postFilter);
    }

    private void RunChannel(Span<float> history, Span<float> coefficients, int length, bool isFirst, PostFilterSetting postFilter)
    {
        history.Slice(HistoryLength - Order - Period, Order + Period).CopyTo(_excitation);
        if (isFirst)
            Analyze(coefficients);

        // Two periods show whether the signal is decaying.
        var excitationLength = Math.Min(2 * _pitch, Period);
        FindExcitation(coefficients, excitationLength);
        var decay = Decay(_excitation.AsSpan(Order + Period - excitationLength), excitationLength / 2);

        history[length..HistoryLength].CopyTo(history);
        var lost = history.Slice(HistoryLength - length, length + CeltBands.Overlap);
        Repeat(lost, decay, isFirst ? 1 : FadeOfLater);
        var before = EnergyOfRepeated(history, length);
        Synthesize(history.Slice(HistoryLength - length - Order, Order), lost, coefficients);
        Limit(lost, before);
        PrepareOverlap(history, postFilter);
    }

    private void Analyze(Span<float> coefficients)
    {
        LinearPrediction.Autocorrelate(_excitation.AsSpan(Order), MdctTables.Window, _filtered, _correlation);
        LinearPrediction.Stabilize(_correlation);
        LinearPrediction.Solve(_correlation, coefficients);
    }

    /// <summary>Filters the last samples by the prediction, in place of themselves.</summary>
    private void FindExcitation(ReadOnlySpan<float> coefficients, int length)
    {
        Span<float> reversed = stackalloc float[Order];
        Reverse(coefficients, reversed);
        var filtered = _filtered.AsSpan(0, length);
        var start = Order + Period - length;
        var i = 0;
        for (; i <= length - 4; i += 4)
        {
            var samples = Vector128.Create(_excitation, start + i);
            Correlation.Accumulate(reversed, _excitation.AsSpan(start - Order + i), samples).StoreTo(filtered[i..]);
        }

        for (; i < length; i++)
        {
            var sum = _excitation[start + i];
            for (var j = 0; j < Order; j++)
                sum += reversed[j] * _excitation[start - Order + i + j];
            filtered[i] = sum;
        }

        filtered.CopyTo(_excitation.AsSpan(start));
    }

    private static void Reverse(ReadOnlySpan<float> coefficients, Span<float> reversed)
    {
        coefficients.CopyTo(reversed);
        reversed.Reverse();
    }

    /// <summary>How much quieter the last period is than the one before.</summary>
    private static float Decay(ReadOnlySpan<float> excitation, int length)
    {
        var last = excitation[^length..];
        var secondLast = excitation[^(2 * length)..^length];
        var lastEnergy = Correlation.Energy(last, 1);
        var secondLastEnergy = Correlation.Energy(secondLast, 1);
        return MathF.Sqrt(Math.Min(lastEnergy, secondLastEnergy) / secondLastEnergy);
    }

    /// <summary>Repeats the last period of the excitation, each time quieter.</summary>
    private void Repeat(Span<float> lost, float decay, float fade)
    {
        var period = _excitation.AsSpan(Order + Period - _pitch, _pitch);
        var gain = fade * decay;
        while (!lost.IsEmpty)
        {
            var count = Math.Min(period.Length, lost.Length);
            VectorMath.Scale(period[..count], gain, lost[..count]);
            lost = lost[count..];
            gain *= decay;
        }
    }

    /// <summary>The energy of the signal whose excitation was repeated, over as many samples.</summary>
    private float EnergyOfRepeated(ReadOnlySpan<float> history, int length)
    {
        var period = history.Slice(HistoryLength - length - _pitch, _pitch);
        var energy = 0f;
        for (var left = length + CeltBands.Overlap; left > 0; left -= _pitch)
        {
            var part = period[..Math.Min(_pitch, left)];
            energy = Correlation.Energy(part, energy);
        }

        return energy;
    }

    /// <summary>Turns the excitation into a signal that goes on from the last samples.</summary>
    private void Synthesize(ReadOnlySpan<float> last, Span<float> lost, ReadOnlySpan<float> coefficients)
    {
        Span<float> reversed = stackalloc float[Order];
        Reverse(coefficients, reversed);

        // Four samples at once: what they have of those before them, then of one another. The memory holds negative samples.
        var memory = _synthesis.AsSpan(0, Order + lost.Length);
        for (var i = 0; i < Order; i++)
            memory[i] = -last[i];
        memory[Order..].Clear();
        for (var i = 0; i < lost.Length; i += 4)
        {
            var samples = lost.Slice(i, 4);
            var results = memory.Slice(Order + i, 4);
            Correlation.Accumulate(reversed, memory[i..], Vector128.Create<float>(samples)).StoreTo(samples);
            for (var j = 0; j < 4; j++)
            {
                for (var k = 1; k <= j; k++)
                    samples[j] += results[j - k] * coefficients[k - 1];
                results[j] = -samples[j];
            }
        }
    }

    /// <summary>Keeps the synthesis from being louder than what it repeats; mutes it where it has exploded.</summary>
    private static void Limit(Span<float> lost, float before)
    {
        var after = Correlation.Energy(lost, 0);
        if (!(before > 0.2f * after))
        {
            // Not a number comes here, too.
            lost.Clear();
            return;
        }

        if (before >= after)
            return;
        var ratio = MathF.Sqrt((before + 1) / (after + 1));
        ReadOnlySpan<float> window = MdctTables.Window;
        for (var i = 0; i < CeltBands.Overlap; i++)
            lost[i] *= 1 - window[i] * (1 - ratio);
        VectorMath.Scale(lost[CeltBands.Overlap..], ratio);
    }

    /// <summary>
    /// What comes after the lost frame is made as if it had come from an MDCT and had not been filtered yet, so that the next
    /// frame blends with it.
    /// </summary>
    private void PrepareOverlap(Span<float> history, PostFilterSetting postFilter)
    {
        var after = history.Slice(HistoryLength, CeltBands.Overlap);
        if (postFilter.Gain == 0)
            after.CopyTo(_overlap);
        else
            PostFilter.Undo(history, HistoryLength, _overlap, postFilter);

        ReadOnlySpan<float> window = MdctTables.Window;
        for (var i = 0; i < Half; i++)
        {
            var mirrored = CeltBands.Overlap - 1 - i;
            after[i] = window[i] * _overlap[mirrored] + window[mirrored] * _overlap[i];
        }
    }
}
