using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VoiceKit.Audio;

/// <summary>The peak and the energy of a run of samples.</summary>
/// <remarks>
/// The vectors are 128 bits wide on every machine and the lanes are added in one fixed order, so the same run gives the same
/// bits everywhere. The square of a float is exact in a double; only the additions round.
/// </remarks>
internal static class SampleMeter
{
    /// <summary>
    /// The bound of a magnitude, +24 dBFS: high enough for any sane overshoot, and low enough that a single wild sample does not
    /// drown all others.
    /// </summary>
    public const float MaxMagnitude = 16f;

    private const int MagnitudeBits = 0x7FFF_FFFF;
    private const int InfinityBits = 0x7F80_0000;
    private const int MaxMagnitudeBits = 0x4180_0000;

    /// <summary>Measures consecutive runs of one length.</summary>
    /// <param name="samples">The samples of all runs, all channels alike.</param>
    /// <param name="run">The number of samples in a run, 1 or more; it divides the number of samples.</param>
    /// <param name="peaks">Where the greatest magnitude of each run goes.</param>
    /// <param name="energies">Where the sum of the squares of each run goes.</param>
    public static void Measure(ReadOnlySpan<float> samples, int run, Span<float> peaks, Span<double> energies)
    {
        var runs = samples.Length / run;
        peaks = peaks[..runs];
        energies = energies[..runs];
        if (run % Vector128<float>.Count == 0)
            MeasureVectors(MemoryMarshal.Cast<float, Vector128<float>>(samples), run / Vector128<float>.Count, peaks, energies);
        else
            MeasureScalars(samples, run, peaks, energies);
    }

    private static void MeasureVectors(
        ReadOnlySpan<Vector128<float>> samples, int run, Span<float> peaks, Span<double> energies)
    {
        for (var i = 0; i < peaks.Length; i++)
        {
            var peak = Vector128<int>.Zero;
            var lower = Vector128<double>.Zero;
            var upper = Vector128<double>.Zero;
            foreach (var sample in samples.Slice(i * run, run))
            {
                var bits = Clean(sample);
                var low = Vector128.WidenLower(bits.AsSingle());
                var high = Vector128.WidenUpper(bits.AsSingle());
                peak = Vector128.Max(peak, bits);
                lower += low * low;
                upper += high * high;
            }

            peaks[i] = BitConverter.Int32BitsToSingle(Highest(peak));
            energies[i] = Vector128.Sum(lower + upper);
        }
    }

    private static void MeasureScalars(ReadOnlySpan<float> samples, int run, Span<float> peaks, Span<double> energies)
    {
        for (var i = 0; i < peaks.Length; i++)
        {
            var peak = 0;
            var energy = 0d;
            foreach (var sample in samples.Slice(i * run, run))
            {
                var bits = Clean(sample);
                var magnitude = (double)BitConverter.Int32BitsToSingle(bits);
                peak = Math.Max(peak, bits);
                energy += magnitude * magnitude;
            }

            peaks[i] = BitConverter.Int32BitsToSingle(peak);
            energies[i] = energy;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Highest(Vector128<int> lanes)
    {
        var pair = Vector128.Max(lanes, Vector128.Shuffle(lanes, Vector128.Create(2, 3, 0, 1)));
        return Math.Max(pair[0], pair[1]);
    }

    // The bits of floats that are not negative sort as integers do, and every NaN sorts above infinity.
    private static int Clean(float sample)
    {
        var bits = BitConverter.SingleToInt32Bits(sample) & MagnitudeBits;
        return bits > InfinityBits ? 0 : Math.Min(bits, MaxMagnitudeBits);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Clean(Vector128<float> lanes)
    {
        var bits = lanes.AsInt32() & Vector128.Create(MagnitudeBits);
        var notNumbers = Vector128.GreaterThan(bits, Vector128.Create(InfinityBits));
        return Vector128.Min(Vector128.AndNot(bits, notNumbers), Vector128.Create(MaxMagnitudeBits));
    }
}
