using System.Runtime.CompilerServices;
using VoiceKit.Opus.Decoding.Range;

namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>PVQ decoding (RFC 6716 §4.3.4.2): a vector of whole numbers from its place in the codebook.</summary>
internal static class PulseVector
{
    private const int Stride = Codebooks.Stride;

    /// <summary>Reads a vector.</summary>
    /// <param name="range">The range decoder.</param>
    /// <param name="vector">Receives the vector; 2 dimensions or more.</param>
    /// <param name="pulses">What the magnitudes add up to, 1 or more.</param>
    /// <returns>The sum of squares.</returns>
    public static float Decode(ref RangeDecoder range, Span<float> vector, int pulses)
    {
        var index = range.DecodeUniform(Codebooks.Size(vector.Length, pulses));
        return Unrank(vector, pulses, index);
    }

    /// <summary>
    /// For each dimension: the upper half of the indices has a negative sign; then each smaller magnitude of the rest takes
    /// U(N, k) of them.
    /// </summary>
    internal static float Unrank(Span<float> vector, int pulses, uint index)
    {
        ReadOnlySpan<uint> table = Codebooks.Table;
        var energy = 0;
        var dimensions = vector.Length;
        while (dimensions > 2)
        {
            if (pulses == 0)
            {
                vector[^dimensions..].Clear();
                return energy;
            }

            var before = pulses;
            int sign;
            if (pulses < dimensions)
            {
                var at = pulses * Stride + dimensions;
                sign = TakeSign(ref index, table[at + Stride]);
                FewerPulses(table, ref pulses, ref index, at);
            }
            else
            {
                var row = table.Slice(dimensions * Stride, Stride);
                sign = TakeSign(ref index, row[pulses + 1]);
                if (row[dimensions] > index)
                {
                    pulses = dimensions - 1;
                    FewerPulses(table, ref pulses, ref index, pulses * Stride + dimensions);
                }
                else
                {
                    while (row[pulses] > index)
                        pulses--;
                    index -= row[pulses];
                }
            }

            var magnitude = before - pulses;
            energy += magnitude * magnitude;
            vector[^dimensions] = (magnitude ^ sign) - sign;
            dimensions--;
        }

        return energy + UnrankPair(vector[^2..], pulses, index);
    }

    /// <summary>The sign of a magnitude: −1 in the upper half of the indices, otherwise 0. Nothing foretells it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int TakeSign(ref uint index, uint half)
    {
        var sign = (int)((long)half - 1 - index >> 63);
        index -= half & (uint)sign;
        return sign;
    }

    private static void FewerPulses(ReadOnlySpan<uint> table, ref int pulses, ref uint index, int at)
    {
        var count = table[at];
        while (count > index)
        {
            at -= Stride;
            pulses--;
            count = table[at];
        }

        index -= count;
    }

    /// <summary>The last two dimensions, for which U(2, k) is 2k - 1.</summary>
    private static int UnrankPair(Span<float> pair, int pulses, uint index)
    {
        var sign = TakeSign(ref index, 2 * (uint)pulses + 1);
        var second = (int)((index + 1) >> 1);
        var lastSign = (int)(index & 1) - 1;
        var first = pulses - second;
        pair[0] = (first ^ sign) - sign;
        pair[1] = (second ^ lastSign) - lastSign;
        return first * first + second * second;
    }
}
