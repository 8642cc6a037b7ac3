using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace VoiceKit.Opus.Decoding.Silk;

/// <summary>
/// Short-term prediction (RFC 6716 §4.2.7.9.2) for processors that have vectors of 128 bits alone, with the same results as
/// <see cref="LpcSynthesis"/>.
/// </summary>
/// <remarks>
/// The sums are turned around: a sample, once made, is added to what the samples ahead of it will be predicted from. Sums of
/// integers are the same in any order.
/// </remarks>
internal static class LpcSynthesisByFours
{
    /// <summary>Filters a residual in place.</summary>
    /// <param name="signal">16 samples that were made before, then the residual, in Q14; the residual becomes the signal.</param>
    /// <param name="coefficients">16 coefficients in Q12, those above the order zero.</param>
    /// <param name="order">10 or 16.</param>
    public static void Filter(Span<int> signal, ReadOnlySpan<int> coefficients, int order)
    {
        if (order == SilkChannel.MaxOrder)
            FilterWide(signal, coefficients);
        else
            FilterNarrow(signal, coefficients);
    }

    private static void FilterNarrow(Span<int> signal, ReadOnlySpan<int> coefficients)
    {
        var (first, second) = (coefficients[0], coefficients[1]);
        var factors0 = Vector128.Create(coefficients[LpcSynthesis.NearTaps..]);
        var factors1 = Vector128.Create(coefficients[(LpcSynthesis.NearTaps + 4)..]);
        var (sums0, sums1) = (Vector128<int>.Zero, Vector128<int>.Zero);
        int next = 0, afterNext = 0, last = 0, beforeLast = 0;
        for (var i = 0; i < signal.Length; i++)
        {
            var sample = signal[i];
            if (i >= SilkChannel.MaxOrder)
            {
                var prediction = 5 + next + FixedPoint.MultiplyQ16(beforeLast, second) + FixedPoint.MultiplyQ16(last, first);
                sample = LpcSynthesis.Predict(sample, prediction);
                signal[i] = sample;
            }

            next = afterNext;
            afterNext = sums0.ToScalar();
            sums0 = Move(sums0, sums1) + Lanes.MultiplyQ16(sample, factors0);
            sums1 = Move(sums1, Vector128<int>.Zero) + Lanes.MultiplyQ16(sample, factors1);
            beforeLast = last;
            last = sample;
        }
    }

    private static void FilterWide(Span<int> signal, ReadOnlySpan<int> coefficients)
    {
        var (first, second) = (coefficients[0], coefficients[1]);
        var factors0 = Vector128.Create(coefficients[LpcSynthesis.NearTaps..]);
        var factors1 = Vector128.Create(coefficients[(LpcSynthesis.NearTaps + 4)..]);
        var factors2 = Vector128.Create(coefficients[(LpcSynthesis.NearTaps + 8)..]);
        var factors3 = Vector128.Create(coefficients[14], coefficients[15], 0, 0);
        var (sums0, sums1, sums2, sums3) = (Vector128<int>.Zero, Vector128<int>.Zero, Vector128<int>.Zero, Vector128<int>.Zero);
        int next = 0, afterNext = 0, last = 0, beforeLast = 0;
        for (var i = 0; i < signal.Length; i++)
        {
            var sample = signal[i];
            if (i >= SilkChannel.MaxOrder)
            {
                var prediction = 8 + next + FixedPoint.MultiplyQ16(beforeLast, second) + FixedPoint.MultiplyQ16(last, first);
                sample = LpcSynthesis.Predict(sample, prediction);
                signal[i] = sample;
            }

            next = afterNext;
            afterNext = sums0.ToScalar();
            sums0 = Move(sums0, sums1) + Lanes.MultiplyQ16(sample, factors0);
            sums1 = Move(sums1, sums2) + Lanes.MultiplyQ16(sample, factors1);
            sums2 = Move(sums2, sums3) + Lanes.MultiplyQ16(sample, factors2);
            sums3 = Move(sums3, Vector128<int>.Zero) + Lanes.MultiplyQ16(sample, factors3);
            beforeLast = last;
            last = sample;
        }
    }

    /// <summary>The lanes one place on, and the first of those behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Move(Vector128<int> lanes, Vector128<int> behind)
    {
        if (Ssse3.IsSupported)
            return Ssse3.AlignRight(behind, lanes, sizeof(int));
        if (AdvSimd.IsSupported)
            return AdvSimd.ExtractVector128(lanes, behind, 1);
        return Vector128.Shuffle(lanes, Vector128.Create(1, 2, 3, 0)).WithElement(3, behind.ToScalar());
    }
}
