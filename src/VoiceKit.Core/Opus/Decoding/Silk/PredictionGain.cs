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
