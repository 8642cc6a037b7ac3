using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>
/// The pseudo-random numbers of the reference decoder, which fill what is not coded (RFC 6716 §4.3.4, celt_lcg_rand). Decoders
/// agree on them, because the final range of one frame seeds the next.
/// </summary>
internal static class Noise
{
    private const uint Factor = 1664525;
    private const uint Increment = 1013904223;

    // What k steps at once multiply by and add.
    private const uint Factor2 = unchecked(Factor * Factor);
    private const uint Factor3 = unchecked(Factor2 * Factor);
    private const uint Factor4 = unchecked(Factor3 * Factor);
    private const uint Factor5 = unchecked(Factor4 * Factor);
    private const uint Factor6 = unchecked(Factor5 * Factor);
    private const uint Factor7 = unchecked(Factor6 * Factor);
    private const uint Factor8 = unchecked(Factor7 * Factor);
    private const uint Increment2 = unchecked(Increment * Factor + Increment);
    private const uint Increment3 = unchecked(Increment2 * Factor + Increment);
    private const uint Increment4 = unchecked(Increment3 * Factor + Increment);
    private const uint Increment5 = unchecked(Increment4 * Factor + Increment);
    private const uint Increment6 = unchecked(Increment5 * Factor + Increment);
    private const uint Increment7 = unchecked(Increment6 * Factor + Increment);
    private const uint Increment8 = unchecked(Increment7 * Factor + Increment);

    private const uint SignBit = 0x8000;

    /// <summary>The level of the noise on folded bands, some 48 dB below them.</summary>
    private const float FoldingLevel = 1 / 256f;

    /// <summary>The number after another one.</summary>
    public static uint Next(uint seed) => unchecked(Factor * seed + Increment);

    /// <summary>Fills a vector with noise.</summary>
    public static void Fill(Span<float> vector, ref uint seed)
    {
        while (vector.Length >= 8)
        {
            var seeds = Next8(ref seed);
            Vector256.ConvertToSingle(seeds.AsInt32() >> 20).StoreTo(vector);
            vector = vector[8..];
        }

        for (var i = 0; i < vector.Length; i++)
        {
            seed = Next(seed);
            vector[i] = (int)seed >> 20;
        }
    }

    /// <summary>Copies a vector and adds a little noise, so that it cannot be empty.</summary>
    public static void Fold(ReadOnlySpan<float> source, Span<float> vector, ref uint seed)
    {
        var level = Vector256.Create(FoldingLevel).AsUInt32();
        while (vector.Length >= 8 && source.Length >= 8)
        {
            var seeds = Next8(ref seed);
            var sign = (~seeds & Vector256.Create(SignBit)) << 16;
            (Vector256.Create(source) + (level | sign).AsSingle()).StoreTo(vector);
            vector = vector[8..];
            source = source[8..];
        }

        for (var i = 0; i < vector.Length && i < source.Length; i++)
        {
            seed = Next(seed);
            vector[i] = source[i] + ((seed & SignBit) != 0 ? FoldingLevel : -FoldingLevel);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Next8(ref uint seed)
    {
        var factors = Vector256.Create(Factor, Factor2, Factor3, Factor4, Factor5, Factor6, Factor7, Factor8);
        var increments = Vector256.Create(
            Increment, Increment2, Increment3, Increment4, Increment5, Increment6, Increment7, Increment8);
        var seeds = Vector256.Create(seed) * factors + increments;
        seed = unchecked(seed * Factor8 + Increment8);
        return seeds;
    }
}
