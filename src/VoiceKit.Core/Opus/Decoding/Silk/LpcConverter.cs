using System.Runtime.Intrinsics;

namespace VoiceKit.Opus.Decoding.Silk;

/// <summary>Makes prediction coefficients of line spectral frequencies (RFC 6716 §4.2.7.5.6 to §4.2.7.5.8).</summary>
internal static class LpcConverter
{
    private const int MaxOrder = 16;
    private const int PolynomialPlaces = 16;

    /// <summary>The places in which coefficients are limited: one more than those of the polynomials.</summary>
    private const int FinePlaces = 17;

    private const int CoefficientPlaces = 12;
    private const int MaxRangeRounds = 10;
    private const int MaxGainRounds = 16;

    /// <summary>Converts the frequencies of a frame.</summary>
    /// <param name="frequencies">10 or 16 frequencies in Q15, in rising order.</param>
    /// <param name="coefficients">Receives as many coefficients in Q12, which make a stable filter of 16-bit numbers.</param>
    public static void Convert(ReadOnlySpan<int> frequencies, Span<int> coefficients)
    {
        Span<int> fine = stackalloc int[MaxOrder];
        fine = fine[..frequencies.Length];
        MakeCoefficients(frequencies, fine);
        LimitRange(fine, coefficients);
        for (var round = 0; round < MaxGainRounds && !PredictionGain.IsStable(coefficients); round++)
        {
            ExpandBandwidth(fine, 65_536 - (2 << round));
            for (var i = 0; i < coefficients.Length; i++)
                coefficients[i] = FixedPoint.RoundShift(fine[i], FinePlaces - CoefficientPlaces);
        }
    }

    /// <summary>Moves the poles of a filter of 16-bit coefficients towards zero.</summary>
    /// <param name="coefficients">The coefficients, in any Q.</param>
    /// <param name="factor">How much nearer, in Q16.</param>
    public static void ExpandBandwidthRounded(Span<int> coefficients, int factor)
    {
        var power = factor;
        for (var i = 0; i < coefficients.Length; i++)
        {
            coefficients[i] = FixedPoint.RoundShift(power * coefficients[i], 16);
            power += FixedPoint.RoundShift(power * (factor - 65_536), 16);
        }
    }

    // §4.2.7.5.8: the same for coefficients of 32 bits.
    private static void ExpandBandwidth(Span<int> coefficients, int factor)
    {
        var power = factor;
        for (var i = 0; i < coefficients.Length; i++)
        {
            coefficients[i] = FixedPoint.MultiplyQ16(power, coefficients[i]);
            power += FixedPoint.RoundShift(power * (factor - 65_536), 16);
        }
    }

    // §4.2.7.5.6: the sum and the difference of two symmetric polynomials whose zeros are at the frequencies, taken alternately.
    private static void MakeCoefficients(ReadOnlySpan<int> frequencies, Span<int> fine)
    {
        var order = frequencies.Length;
        var half = order / 2;
        Span<int> cosines = stackalloc int[MaxOrder];
        Span<int> even = stackalloc int[MaxOrder / 2 + 1];
        Span<int> odd = stackalloc int[MaxOrder / 2 + 1];
        var ordering = order == MaxOrder ? LsfTables.WideOrdering : LsfTables.NarrowOrdering;
        for (var i = 0; i < order; i++)
            cosines[ordering[i]] = Cosine(frequencies[i]);

        MakePolynomial(cosines, even[..(half + 1)]);
        MakePolynomial(cosines[1..], odd[..(half + 1)]);
        for (var i = 0; i < half; i++)
        {
            var sum = even[i + 1] + even[i];
            var difference = odd[i + 1] - odd[i];
            fine[i] = -difference - sum;
            fine[order - 1 - i] = difference - sum;
        }
    }

    // 2 cos in Q16, by a table and straight lines between its points.
    private static int Cosine(int frequency)
    {
        var at = frequency >> 8;
        var value = LsfTables.Cosine[at];
        var slope = LsfTables.Cosine[at + 1] - value;
        return FixedPoint.RoundShift((value << 8) + slope * (frequency & 0xFF), 20 - PolynomialPlaces);
    }

    /// <summary>Multiplies factors 1 − 2 cos(ω)z⁻¹ + z⁻², of which every other of the cosines gives one.</summary>
    private static void MakePolynomial(ReadOnlySpan<int> cosines, Span<int> polynomial)
    {
        polynomial[0] = 1 << PolynomialPlaces;
        polynomial[1] = -cosines[0];
        for (var k = 1; k < polynomial.Length - 1; k++)
        {
            var cosine = cosines[2 * k];
            polynomial[k + 1] = (polynomial[k - 1] << 1) - Product(cosine, polynomial[k]);
            for (var n = k; n > 1; n--)
                polynomial[n] += polynomial[n - 2] - Product(cosine, polynomial[n - 1]);
            polynomial[1] -= cosine;
        }
    }

    private static int Product(int left, int right) => (int)FixedPoint.RoundShift((long)left * right, PolynomialPlaces);

    // §4.2.7.5.7: brings coefficients into 16 bits by expansion, and in the last resort by clipping.
    private static void LimitRange(Span<int> fine, Span<int> coefficients)
    {
        const int Shift = FinePlaces - CoefficientPlaces;
        for (var round = 0; round < MaxRangeRounds; round++)
        {
            if (!AnyExceeds(fine, (short.MaxValue << Shift) + (1 << Shift - 1) - 1))
            {
                for (var i = 0; i < coefficients.Length; i++)
                    coefficients[i] = FixedPoint.RoundShift(fine[i], Shift);
                return;
            }

            var largest = FindLargest(fine);
            var magnitude = FixedPoint.RoundShift(FixedPoint.Magnitude(fine[largest]), Shift);
            magnitude = Math.Min(magnitude, 163_838);
            var excess = magnitude - short.MaxValue << 14;
            ExpandBandwidth(fine, 65_470 - excess / (magnitude * (largest + 1) >> 2));
        }

        for (var i = 0; i < coefficients.Length; i++)
        {
            coefficients[i] = FixedPoint.Saturate16(FixedPoint.RoundShift(fine[i], Shift));
            fine[i] = coefficients[i] << Shift;
        }
    }

    private static bool AnyExceeds(ReadOnlySpan<int> values, int magnitude)
    {
        var exceeding = Vector128<int>.Zero;
        var i = 0;
        for (; i <= values.Length - Vector128<int>.Count; i += Vector128<int>.Count)
            exceeding |= Vector128.GreaterThan(Vector128.Abs(Vector128.Create(values[i..])), Vector128.Create(magnitude));
        var any = exceeding != Vector128<int>.Zero;
        for (; i < values.Length; i++)
            any |= FixedPoint.Magnitude(values[i]) > magnitude;
        return any;
    }

    private static int FindLargest(ReadOnlySpan<int> values)
    {
        var largest = 0;
        for (var i = 1; i < values.Length; i++)
        {
            if (FixedPoint.Magnitude(values[i]) > FixedPoint.Magnitude(values[largest]))
                largest = i;
        }

        return largest;
    }
}
