using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VoiceKit.Opus.Decoding.Silk;

/// <summary>
/// Short-term prediction (RFC 6716 §4.2.7.9.2) and the gain behind it in floating point, for signals of which only the level is
/// wanted. It differs from <see cref="LpcSynthesis"/> by rounding.
/// </summary>
/// <remarks>
/// Four samples at a time, of the residual of the four and of the 16 samples before them. What these add to each of the four is
/// known before: it is the prediction of one, two, three and four steps. No sample waits for the one before it.
/// </remarks>
internal static class LevelLpcSynthesis
{
    private const int Lanes = 4;
    private const float CoefficientScale = 1f / (1 << 12);

    /// <summary>What a Q14 signal times a Q10 gain has more than a 16-bit sample.</summary>
    private const float GainScale = 1f / (1 << 24);

    /// <summary>The largest number below 2^31 that a float holds.</summary>
    private const float LargestSignal = 2_147_483_520;

    /// <summary>Filters a residual, and brings it to its level.</summary>
    /// <param name="history">The 16 samples that were made last, in Q14; receives the last 16 of the signal.</param>
    /// <param name="residual">The residual in Q14: 16 samples or more, and a multiple of 4.</param>
    /// <param name="coefficients">16 coefficients in Q12, those above the order zero.</param>
    /// <param name="gain">The gain of the signal in Q10.</param>
    /// <param name="samples">Receives the signal as 16-bit samples.</param>
    public static void Filter(
        Span<int> history, ReadOnlySpan<float> residual, ReadOnlySpan<int> coefficients, int gain, Span<int> samples)
    {
        // What a sample adds to itself and to the three behind it, and so what the residual of each of four samples adds to all.
        var (a, b) = (coefficients[0] * CoefficientScale, coefficients[1] * CoefficientScale);
        var c = coefficients[2] * CoefficientScale;
        var second = a * a + b;
        var third = a * second + b * a + c;
        var r0 = Vector128.Create(1, a, second, third);
        var r1 = Vector128.Create(0, 1, a, second);
        var r2 = Vector128.Create(0, 0, 1, a);
        var r3 = Vector128.Create(0f, 0, 0, 1);

        // What each past sample adds to all four.
        var f16 = Factors(coefficients[15], r0, Vector128<float>.Zero);
        var f15 = Factors(coefficients[14], r0, f16);
        var f14 = Factors(coefficients[13], r0, f15);
        var f13 = Factors(coefficients[12], r0, f14);
        var f12 = Factors(coefficients[11], r0, f13);
        var f11 = Factors(coefficients[10], r0, f12);
        var f10 = Factors(coefficients[9], r0, f11);
        var f9 = Factors(coefficients[8], r0, f10);
        var f8 = Factors(coefficients[7], r0, f9);
        var f7 = Factors(coefficients[6], r0, f8);
        var f6 = Factors(coefficients[5], r0, f7);
        var f5 = Factors(coefficients[4], r0, f6);
        var f4 = Factors(coefficients[3], r0, f5);
        var f3 = Factors(coefficients[2], r0, f4);
        var f2 = Factors(coefficients[1], r0, f3);
        var f1 = Factors(coefficients[0], r0, f2);

        var (oldest, older, old, last) = (Past(history, 0), Past(history, 4), Past(history, 8), Past(history, 12));
        var level = Vector128.Create(gain * GainScale);
        for (; residual.Length >= Lanes; residual = residual[Lanes..], samples = samples[Lanes..])
        {
            var sum = Sum(Vector128.Create(residual), r0, r1, r2, r3) + Sum(oldest, f16, f15, f14, f13);
            sum += Sum(older, f12, f11, f10, f9) + Sum(old, f8, f7, f6, f5);
            sum += Sum(last, f4, f3, f2, f1);
            (oldest, older, old, last) = (older, old, last, sum);
            Round(last * level, short.MaxValue).StoreTo(samples);
        }

        Round(oldest, LargestSignal).StoreTo(history);
        Round(older, LargestSignal).StoreTo(history[Lanes..]);
        Round(old, LargestSignal).StoreTo(history[(2 * Lanes)..]);
        Round(last, LargestSignal).StoreTo(history[(3 * Lanes)..]);
    }

    /// <summary>What a past sample adds to each of the next four.</summary>
    /// <param name="coefficient">Its coefficient in the prediction of the next one, in Q12.</param>
    /// <param name="response">What the next one adds to itself and to those behind it.</param>
    /// <param name="earlier">What the sample before it adds.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Factors(int coefficient, Vector128<float> response, Vector128<float> earlier) =>
        Vector128.Shuffle(earlier, Vector128.Create(Lanes, 0, 1, 2)) + response * (coefficient * CoefficientScale);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Broadcast(Vector128<float> values, int lane) =>
        Vector128.Shuffle(values.AsInt32(), Vector128.Create(lane)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Past(ReadOnlySpan<int> history, int first) =>
        Vector128.ConvertToSingle(Vector128.Create(history[first..]));

    /// <summary>The sum of what each of four samples adds to all four of a later vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Sum(
        Vector128<float> samples,
        Vector128<float> factor0,
        Vector128<float> factor1,
        Vector128<float> factor2,
        Vector128<float> factor3) =>
        Broadcast(samples, 0) * factor0 + Broadcast(samples, 1) * factor1
        + (Broadcast(samples, 2) * factor2 + Broadcast(samples, 3) * factor3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Round(Vector128<float> values, float largest)
    {
        var limited = Vector128.MinNative(Vector128.MaxNative(values, Vector128.Create(-largest)), Vector128.Create(largest));
        return Vector128.ConvertToInt32Native(Vector128.Round(limited));
    }
}
