using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace VoiceKit.Audio;

/// <summary>
/// A bank of FIR filters that delay by fractions of an input frame: row p of P evaluates the band-limited signal p / P of a
/// frame after the tap at <see cref="Taps"/> / 2 − 1. Immutable.
/// </summary>
internal sealed class ResamplerFilter
{
    /// <summary>Taps at a cutoff of half the input rate; a lower cutoff stretches the filter.</summary>
    public const int BaseTaps = 144;

    // Between two rows 1/1024 frame apart, linear interpolation of a full-band signal errs by (π / 1024)² / 8 = −118 dB.
    private const int InterpolatedPhases = 1024;

    // Kaiser's estimate for 144 frames of width and a transition of 0.05 cycles per frame is 111 dB of attenuation.
    private const double Attenuation = 111;
    private const double Beta = 0.1102 * (Attenuation - 8.7);

    // The middle of the transition band, 0.45…0.5 of the lower rate.
    private const double Cutoff = 0.475;

    // Keeps rows whole vectors: 16 floats are one or more of every vector size there is.
    private const int TapMultiple = 16;

    private readonly float[] _rows;

    private ResamplerFilter(int phases, double scale)
    {
        Phases = phases;
        Taps = ((int)Math.Ceiling(BaseTaps / scale) + TapMultiple - 1) / TapMultiple * TapMultiple;
        _rows = new float[(phases + 1) * Taps];
        double[] design = new double[Taps];
        for (int phase = 0; phase <= phases / 2; phase++)
        {
            // The prototype is even, so a row read backwards is the row as far from the other end.
            Span<float> row = _rows.AsSpan(phase * Taps, Taps);
            Design(design, (double)phase / phases, scale);
            Normalize(design, row);
            Span<float> mirror = _rows.AsSpan((phases - phase) * Taps, Taps);
            row.CopyTo(mirror);
            mirror.Reverse();
        }
    }

    /// <summary>How many steps one input frame is divided into.</summary>
    public int Phases { get; }

    /// <summary>Taps of each row, a multiple of 16.</summary>
    public int Taps { get; }

    /// <summary>
    /// The number of phases for a reduced ratio: all that occur (<paramref name="up"/>) or, when those are too many, a fixed
    /// density to interpolate between. The table is 1025 × 144 floats, and the longest filter makes it 6 × 36 864 at most.
    /// </summary>
    public static int PhasesFor(int up, int down)
    {
        int dense = down <= up ? InterpolatedPhases : (int)Math.Ceiling(InterpolatedPhases * (double)up / down);
        return Math.Min(up, dense);
    }

    /// <summary>Designs the bank for a reduced ratio up / down.</summary>
    public static ResamplerFilter Create(int up, int down) =>
        new(PhasesFor(up, down), Math.Min(1.0, (double)up / down));

    /// <summary>The taps that evaluate the signal <paramref name="phase"/> / <see cref="Phases"/> of a frame on.</summary>
    public ReadOnlySpan<float> Row(int phase) => _rows.AsSpan(phase * Taps, Taps);

    /// <summary>The sum of the products of two spans of one length, in an order that depends on the length alone.</summary>
    public static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        right = right[..left.Length];
        ref float a = ref MemoryMarshal.GetReference(left);
        ref float b = ref MemoryMarshal.GetReference(right);
        int width = Vector<float>.Count;
        int i = 0;

        // Four sums, because one alone would wait for the latency of each multiply-add.
        Vector<float> sum0 = Vector<float>.Zero, sum1 = sum0, sum2 = sum0, sum3 = sum0;
        for (; i <= left.Length - 4 * width; i += 4 * width)
        {
            sum0 = MultiplyAdd(ref a, ref b, i, sum0);
            sum1 = MultiplyAdd(ref a, ref b, i + width, sum1);
            sum2 = MultiplyAdd(ref a, ref b, i + 2 * width, sum2);
            sum3 = MultiplyAdd(ref a, ref b, i + 3 * width, sum3);
        }

        for (; i <= left.Length - width; i += width)
            sum0 = MultiplyAdd(ref a, ref b, i, sum0);
        float sum = Vector.Sum(sum0 + sum1 + (sum2 + sum3));
        for (; i < left.Length; i++)
            sum += left[i] * right[i];
        return sum;
    }

    private static Vector<float> MultiplyAdd(ref float a, ref float b, int offset, Vector<float> sum)
    {
        Vector<float> left = Vector.LoadUnsafe(ref a, (nuint)offset);
        Vector<float> right = Vector.LoadUnsafe(ref b, (nuint)offset);
        if (Fma.IsSupported && Vector<float>.Count == Vector256<float>.Count)
            return Fma.MultiplyAdd(left.AsVector256(), right.AsVector256(), sum.AsVector256()).AsVector();
        if (AdvSimd.IsSupported && Vector<float>.Count == Vector128<float>.Count)
            return AdvSimd.FusedMultiplyAdd(sum.AsVector128(), left.AsVector128(), right.AsVector128()).AsVector();
        return left * right + sum;
    }

    private static void Design(Span<double> design, double fraction, double scale)
    {
        double half = design.Length / 2.0;
        for (int i = 0; i < design.Length; i++)
        {
            double time = i - (half - 1) - fraction;
            design[i] = Sinc(2 * Cutoff * scale * time) * Kaiser(time / half);
        }
    }

    // A gain of 1 at 0 Hz in every row: rows that differ there would modulate a constant.
    private static void Normalize(ReadOnlySpan<double> design, Span<float> row)
    {
        double sum = 0;
        foreach (double value in design)
            sum += value;
        for (int i = 0; i < row.Length; i++)
            row[i] = (float)(design[i] / sum);
    }

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);

    // The window but for its constant factor, which normalising takes out. It is zero at the edge itself, so that the row
    // with a tap there is symmetric all the same.
    private static double Kaiser(double x) => Math.Abs(x) >= 1 ? 0 : BesselI0(Beta * Math.Sqrt(1 - x * x));

    // The modified Bessel function of the first kind, order 0, by its power series (Abramowitz and Stegun, 9.6.12).
    private static double BesselI0(double x)
    {
        double quarter = x * x / 4;
        double term = 1;
        double sum = 1;
        for (int k = 1; term > sum * 1e-17; k++)
        {
            term *= quarter / ((double)k * k);
            sum += term;
        }

        return sum;
    }
}
