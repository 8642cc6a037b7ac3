namespace VoiceKit.Opus.Decoding.Silk;

/// <summary>How much a prediction filter amplifies, and whether it is stable (RFC 6716 §4.2.7.5.8).</summary>
internal static class PredictionGain
{
    private const int Places = 24;
    private const int Limit = 16_773_022; // 0.99975 in Q24
    private const int MinInverse = 107_374; // 1/10000 in Q30

    /// <summary>One over the power that the filter adds, in Q30; 0 where it is not stable or adds more than 40 dB.</summary>
    /// <param name="coefficients">At most 16 coefficients in Q12.</param>
    public static int Inverse(ReadOnlySpan<int> coefficients)
    {
        Span<int> fine = stackalloc int[16];
        fine = fine[..coefficients.Length];
        var sum = 0;
        for (var i = 0; i < coefficients.Length; i++)
        {
            sum += coefficients[i];
            fine[i] = coefficients[i] << Places - 12;
        }

        // A constant would grow without end.
        return sum >= 4096 ? 0 : Recurse(fine);
    }

    /// <summary>Whether a filter is stable and adds less than 40 dB: whether <see cref="Inverse"/> is not 0.</summary>
    /// <param name="coefficients">At most 16 coefficients in Q12.</param>
    public static bool IsStable(ReadOnlySpan<int> coefficients) => IsClearlyStable(coefficients) || Inverse(coefficients) != 0;

    /// <summary>
    /// Whether a filter is stable and far from adding 40 dB, so that <see cref="Inverse"/> is not 0; false where floating point
    /// is not exact enough to tell.
    /// </summary>
    /// <param name="coefficients">At most 16 coefficients in Q12.</param>
    public static bool IsClearlyStable(ReadOnlySpan<int> coefficients)
    {
        Span<float> filter = stackalloc float[16];
        filter = filter[..coefficients.Length];
        var sum = 0;
        for (var i = 0; i < filter.Length; i++)
        {
            sum += coefficients[i];
            filter[i] = coefficients[i] * (1f / 4096);
        }

        return sum < 4096 && IsClearlyStable(filter);
    }

    // The recursion below. Its 24 places and those of a float are the same but for roundings, which such filters amplify by less
    // than the factor 2 that is left to the limit.
    private static bool IsClearlyStable(Span<float> filter)
    {
        const float LargestReflection = 0.999f;
        const float LargestCoefficient = 32; // a quarter of what 24 places leave room for
        const float LeastInverse = 2f / 10_000;

        var inverse = 1f;
        var reflection = filter[^1];
        for (var k = filter.Length - 1; ; k--)
        {
            var rest = 1 - reflection * reflection;
            inverse *= rest;
            if (MathF.Abs(reflection) > LargestReflection || inverse < LeastInverse)
                return false;
            if (k == 0)
                return true;

            // What the next step begins with: divided at once, since all that follows waits for it.
            var next = (filter[k - 1] + reflection * filter[0]) / rest;
            var factor = 1 / rest;
            for (int n = 0, m = k - 1; n <= m; n++, m--)
            {
                var (first, last) = (filter[n], filter[m]);
                var (newFirst, newLast) = ((first + reflection * last) * factor, (last + reflection * first) * factor);
                if (MathF.Abs(newFirst) > LargestCoefficient || MathF.Abs(newLast) > LargestCoefficient)
                    return false;
                (filter[n], filter[m]) = (newFirst, newLast);
            }

            reflection = next;
        }
    }

    // Levinson's recursion backwards: from order to order down to the first, each gives a reflection coefficient.
    private static int Recurse(Span<int> fine)
    {
        var inverse = 1 << 30;
        for (var k = fine.Length - 1; ; k--)
        {
            if (fine[k] is > Limit or < -Limit)
                return 0;
            var reflection = -(fine[k] << 31 - Places);
            var rest = (1 << 30) - FixedPoint.MultiplyHigh(reflection, reflection);
            inverse = FixedPoint.MultiplyHigh(inverse, rest) << 2;
            if (inverse < MinInverse)
                return 0;
            if (k == 0)
                return inverse;
            if (!StepDown(fine[..k], reflection, rest))
                return 0;
        }
    }

    private static bool StepDown(Span<int> fine, int reflection, int rest)
    {
        var places = 32 - FixedPoint.LeadingZeros(rest);
        var factor = FixedPoint.Invert(rest, places + 30);
        for (var n = 0; n < (fine.Length + 1) >> 1; n++)
        {
            var first = fine[n];
            var last = fine[^(n + 1)];
            var newFirst = FixedPoint.RoundShift((long)Reflect(first, last, reflection) * factor, places);
            if (newFirst != (int)newFirst)
                return false;
            fine[n] = (int)newFirst;
            var newLast = FixedPoint.RoundShift((long)Reflect(last, first, reflection) * factor, places);
            if (newLast != (int)newLast)
                return false;
            fine[^(n + 1)] = (int)newLast;
        }

        return true;
    }

    private static int Reflect(int value, int mirrored, int reflection) =>
        FixedPoint.SubtractSaturated(value, (int)FixedPoint.RoundShift((long)mirrored * reflection, 31));
}
