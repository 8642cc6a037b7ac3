using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VoiceKit.Opus.Decoding.Silk;

/// <summary>
/// Short-term prediction (RFC 6716 §4.2.7.9.2) and the gain behind it in floating point, for signals of which only the level is
/// wanted. It differs from <see cref="LpcSynthesis"/> by rounding.
/// </summary>
/// <remarks>
/// Four samples at a time. The samples before them add to all four at once. What the four add to each other is their filter's
/// impulse response, which is known before. No sample waits for the one before it.
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
        Span<float> taps = stackalloc float[SilkChannel.MaxOrder + Lanes];
        taps[SilkChannel.MaxOrder..].Clear();
        for (var i = 0; i < SilkChannel.MaxOrder; i++)
            taps[i] = coefficients[i] * CoefficientScale;

        // The past samples' factors, by their age, and those of the four themselves.
        var (f1, f2, f3, f4) = (Four(taps, 0), Four(taps, 1), Four(taps, 2), Four(taps, 3));
        var (f5, f6, f7, f8) = (Four(taps, 4), Four(taps, 5), Four(taps, 6), Four(taps, 7));
        var (f9, f10, f11, f12) = (Four(taps, 8), Four(taps, 9), Four(taps, 10), Four(taps, 11));
        var (f13, f14, f15, f16) = (Four(taps, 12), Four(taps, 13), Four(taps, 14), Four(taps, 15));
        var second = taps[0];
        var third = taps[0] * second + taps[1];
        var fourth = taps[0] * third + taps[1] * second + taps[2];
        var r0 = Vector128.Create(1, second, third, fourth);
        var r1 = Vector128.Create(0, 1, second, third);
        var r2 = Vector128.Create(0, 0, 1, second);
        var r3 = Vector128.Create(0f, 0, 0, 1);

        var (oldest, older, old, last) = (Past(history, 0), Past(history, 4), Past(history, 8), Past(history, 12));
        var level = Vector128.Create(gain * GainScale);
        for (; residual.Length >= Lanes; residual = residual[Lanes..], samples = samples[Lanes..])
        {
            var sum = Vector128.Create(residual) + Sum(oldest, f16, f15, f14, f13) + Sum(older, f12, f11, f10, f9);
            sum += Sum(old, f8, f7, f6, f5);
            sum += Sum(last, f4, f3, f2, f1);
            (oldest, older, old, last) = (older, old, last, Sum(sum, r0, r1, r2, r3));
            Round(last * level, short.MaxValue).StoreTo(samples);
        }

        Round(oldest, LargestSignal).StoreTo(history);
        Round(older, LargestSignal).StoreTo(history[Lanes..]);
        Round(old, LargestSignal).StoreTo(history[(2 * Lanes)..]);
        Round(last, LargestSignal).StoreTo(history[(3 * Lanes)..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Four(ReadOnlySpan<float> taps, int first) => Vector128.Create(taps[first..]);

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
        Vector128.Shuffle(samples, Vector128.Create(0)) * factor0 + Vector128.Shuffle(samples, Vector128.Create(1)) * factor1
        + (Vector128.Shuffle(samples, Vector128.Create(2)) * factor2 + Vector128.Shuffle(samples, Vector128.Create(3)) * factor3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Round(Vector128<float> values, float largest)
    {
        var limited = Vector128.MinNative(Vector128.MaxNative(values, Vector128.Create(-largest)), Vector128.Create(largest));
        return Vector128.ConvertToInt32Native(Vector128.Round(limited));
    }
}
