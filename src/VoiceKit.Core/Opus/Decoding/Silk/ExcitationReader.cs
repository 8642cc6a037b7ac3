using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VoiceKit.Opus.Decoding.Range;

namespace VoiceKit.Opus.Decoding.Silk;

/// <summary>Reads the excitation of a SILK frame: pulses in blocks of 16 samples (RFC 6716 §4.2.7.8).</summary>
internal static class ExcitationReader
{
    public const int BlockLength = 16;
    private const int MaxBlocks = 20;
    private const int CountSymbols = 18;
    private const int MoreBits = 17;
    private const int MaxExtraBits = 10;
    private const int ExtraBitsLevel = 9;

    /// <summary>Reads the pulses of a frame.</summary>
    /// <param name="range">Stands at the rate level.</param>
    /// <param name="signalType">The frame's signal type.</param>
    /// <param name="quantizationOffset">The frame's quantization offset type, 0 or 1.</param>
    /// <param name="pulses">Receives the signed pulses of whole blocks.</param>
    public static void Read(ref RangeDecoder range, SilkSignalType signalType, int quantizationOffset, scoped Span<int> pulses)
    {
        Span<int> counts = stackalloc int[MaxBlocks];
        Span<int> extraBits = stackalloc int[MaxBlocks];
        counts = counts[..(pulses.Length / BlockLength)];
        ReadCounts(ref range, signalType, counts, extraBits);
        for (var i = 0; i < counts.Length; i++)
            ReadLocations(ref range, counts[i], pulses.Slice(i * BlockLength, BlockLength));
        for (var i = 0; i < counts.Length; i++)
        {
            if (extraBits[i] > 0)
                ReadExtraBits(ref range, extraBits[i], pulses.Slice(i * BlockLength, BlockLength));
        }

        var signs = ExcitationTables.Sign.Slice(7 * (2 * (int)signalType + quantizationOffset), 7);
        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i] > 0 || extraBits[i] > 0)
                ReadSigns(ref range, signs[Math.Min(counts[i], 6)], pulses.Slice(i * BlockLength, BlockLength));
        }
    }

    // §4.2.7.8.1 and §4.2.7.8.2
    private static void ReadCounts(
        ref RangeDecoder range, SilkSignalType signalType, scoped Span<int> counts, scoped Span<int> extraBits)
    {
        var level = range.DecodeSymbol(ExcitationTables.RateLevel.Slice(signalType == SilkSignalType.Voiced ? 9 : 0, 9));
        var table = ExcitationTables.PulseCount.Slice(level * CountSymbols, CountSymbols);
        var extraTable = ExcitationTables.PulseCount.Slice(ExtraBitsLevel * CountSymbols, CountSymbols);
        for (var i = 0; i < counts.Length; i++)
        {
            var bits = 0;
            var count = range.DecodeSymbol(table);
            while (count == MoreBits)
            {
                bits++;
                // After ten bits there are no more: the table begins one symbol later.
                count = range.DecodeSymbol(bits == MaxExtraBits ? extraTable[1..] : extraTable);
            }

            counts[i] = count;
            extraBits[i] = bits;
        }
    }

    // §4.2.7.8.3: the pulses of a partition are split between its halves, down to single samples.
    private static void ReadLocations(ref RangeDecoder range, int count, scoped Span<int> block)
    {
        if (count <= 1)
        {
            ReadSingle(ref range, count, block);
            return;
        }

        var left = ReadSplit(ref range, count, ExcitationTables.Split16);
        ReadEight(ref range, left, block[..8]);
        ReadEight(ref range, count - left, block[8..]);
    }

    private static void ReadEight(ref RangeDecoder range, int count, scoped Span<int> samples)
    {
        if (count <= 1)
        {
            ReadSingle(ref range, count, samples);
            return;
        }

        var left = ReadSplit(ref range, count, ExcitationTables.Split8);
        ReadFour(ref range, left, samples[..4]);
        ReadFour(ref range, count - left, samples[4..]);
    }

    private static void ReadFour(ref RangeDecoder range, int count, scoped Span<int> samples)
    {
        if (count <= 1)
        {
            ReadSingle(ref range, count, samples);
            return;
        }

        var left = ReadSplit(ref range, count, ExcitationTables.Split4);
        var first = ReadSplit(ref range, left, ExcitationTables.Split2);
        var third = ReadSplit(ref range, count - left, ExcitationTables.Split2);
        samples[3] = count - left - third;
        samples[2] = third;
        samples[1] = left - first;
        samples[0] = first;
    }

    // Where a partition of 2, 4, 8 or 16 samples has one pulse or none, each split is whether the pulse is in the first half.
    private static void ReadSingle(ref RangeDecoder range, int count, scoped Span<int> samples)
    {
        samples.Clear();
        if (count == 0)
            return;
        var splits = BitOperations.Log2((uint)samples.Length);
        var place = samples.Length - 1 - range.DecodeFlags(ExcitationTables.SplitOfOne[^splits..]);
        samples[place] = 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ReadSplit(ref RangeDecoder range, int count, ReadOnlySpan<byte> table) =>
        count == 0 ? 0 : range.DecodeSymbol(table[ExcitationTables.SplitStart[count]..]);

    // §4.2.7.8.4
    private static void ReadExtraBits(ref RangeDecoder range, int bits, scoped Span<int> block)
    {
        foreach (ref var magnitude in block)
        {
            for (var i = 0; i < bits; i++)
                magnitude = magnitude << 1 | (range.DecodeFlag(ExcitationTables.LeastSignificantBit[0]) ? 1 : 0);
        }
    }

    // §4.2.7.8.5
    private static void ReadSigns(ref RangeDecoder range, int plus, scoped Span<int> block)
    {
        var places = PlacesOfPulses(block);
        var minuses = places & ~range.DecodeFlags(places, plus);
        var place = Vector128.Create(1, 2, 4, 8);
        for (var i = 0; i < BlockLength; i += Vector128<int>.Count)
        {
            var isMinus = Vector128.Equals(Vector128.Create((int)minuses >> i) & place, place);
            ((Vector128.Create<int>(block[i..]) ^ isMinus) - isMinus).StoreTo(block[i..]);
        }
    }

    private static uint PlacesOfPulses(ReadOnlySpan<int> block)
    {
        var places = 0u;
        for (var i = 0; i < BlockLength; i += Vector128<int>.Count)
            places |= Vector128.GreaterThan(Vector128.Create(block[i..]), Vector128<int>.Zero).ExtractMostSignificantBits() << i;
        return places;
    }
}
