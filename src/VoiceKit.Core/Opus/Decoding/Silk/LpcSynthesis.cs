using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VoiceKit.Opus.Decoding.Silk;

/// <summary>Short-term prediction and its inverse (RFC 6716 §4.2.7.9.2 and §4.2.7.9.1).</summary>
internal static class LpcSynthesis
{
    /// <summary>The taps that are added one by one; the others are added to samples ahead, eight at a time.</summary>
    internal const int NearTaps = 2;

    /// <summary>Filters a residual in place.</summary>
    /// <param name="signal">16 samples that were made before, then the residual, in Q14; the residual becomes the signal.</param>
    /// <param name="coefficients">16 coefficients in Q12, those above the order zero.</param>
    /// <param name="order">10 or 16.</param>
    public static void Filter(Span<int> signal, ReadOnlySpan<int> coefficients, int order)
    {
        if (!Vector256.IsHardwareAccelerated)
            LpcSynthesisByFours.Filter(signal, coefficients, order);
        else if (order == SilkChannel.MaxOrder)
            FilterWide(signal, coefficients);
        else
            FilterNarrow(signal, coefficients);
    }

    /// <summary>Brings a signal to its level.</summary>
    /// <param name="signal">A signal in Q14.</param>
    /// <param name="gain">Its gain in Q10.</param>
    /// <param name="samples">Receives 16-bit samples.</param>
    public static void ApplyGain(ReadOnlySpan<int> signal, int gain, Span<int> samples)
    {
        samples = samples[..signal.Length];
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
        coefficients = coefficients[..order];
        var i = 0;
        for (; i <= whitened.Length - Vector256<int>.Count; i += Vector256<int>.Count)
        {
            var rest = Vector256.Create(signal[(i + order)..]) << 12;
            for (var k = 0; k < coefficients.Length; k++)
                rest -= Vector256.Create(signal[(i + order - 1 - k)..]) * Vector256.Create(coefficients[k]);
            rest = (rest >> 11) + Vector256<int>.One >> 1;
            Lanes.Saturate16(rest).StoreTo(whitened[i..]);
        }

        for (; i < whitened.Length; i++)
        {
            var rest = signal[i + order] << 12;
            for (var k = 0; k < coefficients.Length; k++)
                rest -= signal[i + order - 1 - k] * coefficients[k];
            whitened[i] = FixedPoint.Saturate16(FixedPoint.RoundShift(rest, 12));
        }
    }

    /// <summary>
    /// The filter with its sums turned around: a sample, once made, is added to what the samples ahead of it will be predicted
    /// from.
    /// Sums of integers are the same in any order.
    /// </summary>
    private static void FilterNarrow(Span<int> signal, ReadOnlySpan<int> coefficients)
    {
        var first = coefficients[0];
        var second = coefficients[1];
        var far = Vector256.Create(coefficients[NearTaps..]);
        var ahead = Vector256<int>.Zero;
        int next = 0, afterNext = 0, last = 0, beforeLast = 0;
        for (var i = 0; i < signal.Length; i++)
        {
            var sample = signal[i];
            if (i >= SilkChannel.MaxOrder)
            {
                var prediction = 5 + next + FixedPoint.MultiplyQ16(beforeLast, second) + FixedPoint.MultiplyQ16(last, first);
                sample = Predict(sample, prediction);
                signal[i] = sample;
            }

            next = afterNext;
            afterNext = ahead.ToScalar();
            ahead = Vector256.AndNot(Rotate(ahead), LastLane) + Lanes.MultiplyQ16(sample, far);
            beforeLast = last;
            last = sample;
        }
    }

    /// <inheritdoc cref="FilterNarrow"/>
    private static void FilterWide(Span<int> signal, ReadOnlySpan<int> coefficients)
    {
        var first = coefficients[0];
        var second = coefficients[1];
        var far = Vector256.Create(coefficients[NearTaps..]);
        var farthest = Vector256.Create(coefficients[(SilkChannel.MaxOrder - Vector256<int>.Count)..]);
        var farther = Vector256.AndNot(Rotate(Rotate(farthest)), LastLane | Rotate(LastLane));
        var ahead = Vector256<int>.Zero;
        var fartherAhead = Vector256<int>.Zero;
        int next = 0, afterNext = 0, last = 0, beforeLast = 0;
        for (var i = 0; i < signal.Length; i++)
        {
            var sample = signal[i];
            if (i >= SilkChannel.MaxOrder)
            {
                var prediction = 8 + next + FixedPoint.MultiplyQ16(beforeLast, second) + FixedPoint.MultiplyQ16(last, first);
                sample = Predict(sample, prediction);
                signal[i] = sample;
            }

            next = afterNext;
            afterNext = ahead.ToScalar();
            var moved = Rotate(fartherAhead);
            ahead = Vector256.ConditionalSelect(LastLane, moved, Rotate(ahead)) + Lanes.MultiplyQ16(sample, far);
            fartherAhead = Vector256.AndNot(moved, LastLane) + Lanes.MultiplyQ16(sample, farther);
            beforeLast = last;
            last = sample;
        }
    }

    private static Vector256<int> LastLane
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create(0, 0, 0, 0, 0, 0, 0, -1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Rotate(Vector256<int> lanes) =>
        Vector256.Shuffle(lanes, Vector256.Create(1, 2, 3, 4, 5, 6, 7, 0));

    /// <summary>A sample of its residual and its prediction.</summary>
    /// <remarks>What is out of range is rare. A call for it would have every vector of the loop saved at each turn.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Predict(int residual, int prediction)
    {
        var scaled = (long)prediction << 4;
        if (scaled != (int)scaled)
            scaled = scaled < 0 ? int.MinValue : int.MaxValue >> 4 << 4;
        var sum = scaled + residual;
        if (sum != (int)sum)
            sum = sum < 0 ? int.MinValue : int.MaxValue;
        return (int)sum;
    }
}
