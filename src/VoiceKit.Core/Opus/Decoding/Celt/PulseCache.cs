using VoiceKit.Opus.Decoding.Range;

namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>
/// From bits to pulses and back (RFC 6716 §4.3.4.1). Not every number of pulses is allowed: up to 8 all are, then 8 in each
/// octave. Each entry of the tables below is one such number.
/// </summary>
internal static class PulseCache
{
    private const int SearchSteps = 6;

    /// <summary>The bits that are told apart: no codebook costs more than 32.</summary>
    private const int MaxBits = 32 << RangeDecoder.FractionBits;

    /// <summary>
    /// The best entry for each number of bits, <see cref="MaxBits"/> + 1 bytes for each place where costs begin.
    /// </summary>
    private static readonly byte[]?[] Entries = BuildEntries();

    /// <summary>
    /// The costs of all numbers of pulses for a band: first their count, then for each one the eighths of a bit, less one.
    /// </summary>
    /// <param name="band">The band.</param>
    /// <param name="sizeLog">The size of the vector: -1 is half of a 2.5 ms frame's.</param>
    public static ReadOnlySpan<byte> Costs(int band, int sizeLog) => CostsAt(Starts[(sizeLog + 1) * CeltBands.Count + band]);

    /// <summary>The most that one codebook can use, in eighths of a bit.</summary>
    public static int MaxCost(ReadOnlySpan<byte> costs) => costs[^1];

    /// <summary>The entry whose cost is nearest to some eighths of a bit; the lower one of two.</summary>
    public static int EntryFor(int band, int sizeLog, int bits) =>
        Entries[(sizeLog + 1) * CeltBands.Count + band]![Math.Clamp(bits, 0, MaxBits)];

    private static ReadOnlySpan<byte> CostsAt(int start) => AllCosts.Slice(start, AllCosts[start] + 1);

    private static byte[]?[] BuildEntries()
    {
        var entries = new byte[]?[Starts.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            if (Starts[i] < 0)
                continue;
            var same = Starts[..i].IndexOf(Starts[i]);
            entries[i] = same >= 0 ? entries[same] : EntriesOf(CostsAt(Starts[i]));
        }

        return entries;
    }

    private static byte[] EntriesOf(ReadOnlySpan<byte> costs)
    {
        var entries = new byte[MaxBits + 1];
        for (var bits = 0; bits <= MaxBits; bits++)
            entries[bits] = (byte)Search(costs, bits);
        return entries;
    }

    private static int Search(ReadOnlySpan<byte> costs, int bits)
    {
        var low = 0;
        var high = costs.Length - 1;
        bits--;
        for (var i = 0; i < SearchSteps; i++)
        {
            var middle = (low + high + 1) >> 1;
            if (costs[middle] >= bits)
                high = middle;
            else
                low = middle;
        }

        var lowCost = low == 0 ? -1 : costs[low];
        return bits - lowCost <= costs[high] - bits ? low : high;
    }

    /// <summary>The eighths of a bit that an entry costs.</summary>
    public static int CostOf(ReadOnlySpan<byte> costs, int entry) => entry == 0 ? 0 : costs[entry] + 1;

    /// <summary>The pulses of an entry.</summary>
    public static int PulsesOf(int entry) => entry < 8 ? entry : (8 + (entry & 7)) << ((entry >> 3) - 1);

    /// <summary>
    /// The reference decoder's cache_index50: where a band's costs begin, a row a vector size from half of 2.5 ms on.
    /// </summary>
    private static ReadOnlySpan<short> Starts =>
    [
        -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 41, 41, 41, 82, 82, 123, 164, 200, 222,
        0, 0, 0, 0, 0, 0, 0, 0, 41, 41, 41, 41, 123, 123, 123, 164, 164, 240, 266, 283, 295,
        41, 41, 41, 41, 41, 41, 41, 41, 123, 123, 123, 123, 240, 240, 240, 266, 266, 305, 318, 328, 336,
        123, 123, 123, 123, 123, 123, 123, 123, 240, 240, 240, 240, 305, 305, 305, 318, 318, 343, 351, 358, 364,
        240, 240, 240, 240, 240, 240, 240, 240, 305, 305, 305, 305, 343, 343, 343, 351, 351, 370, 376, 382, 387,
    ];

    /// <summary>The reference decoder's cache_bits50.</summary>
    private static ReadOnlySpan<byte> AllCosts =>
    [
        40, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
        7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
        40, 15, 23, 28, 31, 34, 36, 38, 39, 41, 42, 43, 44, 45, 46, 47, 47, 49, 50, 51, 52, 53, 54, 55,
        55, 57, 58, 59, 60, 61, 62, 63, 63, 65, 66, 67, 68, 69, 70, 71, 71,
        40, 20, 33, 41, 48, 53, 57, 61, 64, 66, 69, 71, 73, 75, 76, 78, 80, 82, 85, 87, 89, 91, 92, 94,
        96, 98, 101, 103, 105, 107, 108, 110, 112, 114, 117, 119, 121, 123, 124, 126, 128,
        40, 23, 39, 51, 60, 67, 73, 79, 83, 87, 91, 94, 97, 100, 102, 105, 107, 111, 115, 118, 121, 124, 126, 129,
        131, 135, 139, 142, 145, 148, 150, 153, 155, 159, 163, 166, 169, 172, 174, 177, 179,
        35, 28, 49, 65, 78, 89, 99, 107, 114, 120, 126, 132, 136, 141, 145, 149, 153, 159, 165, 171, 176, 180, 185, 189,
        192, 199, 205, 211, 216, 220, 225, 229, 232, 239, 245, 251,
        21, 33, 58, 79, 97, 112, 125, 137, 148, 157, 166, 174, 182, 189, 195, 201, 207, 217, 227, 235, 243, 251,
        17, 35, 63, 86, 106, 123, 139, 152, 165, 177, 187, 197, 206, 214, 222, 230, 237, 250,
        25, 31, 55, 75, 91, 105, 117, 128, 138, 146, 154, 161, 168, 174, 180, 185, 190, 200, 208, 215, 222, 229, 235, 240,
        245, 255,
        16, 36, 65, 89, 110, 128, 144, 159, 173, 185, 196, 207, 217, 226, 234, 242, 250,
        11, 41, 74, 103, 128, 151, 172, 191, 209, 225, 241, 255,
        9, 43, 79, 110, 138, 163, 186, 207, 227, 246,
        12, 39, 71, 99, 123, 144, 164, 182, 198, 214, 228, 241, 253,
        9, 44, 81, 113, 142, 168, 192, 214, 235, 255,
        7, 49, 90, 127, 160, 191, 220, 247,
        6, 51, 95, 134, 170, 203, 234,
        7, 47, 87, 123, 155, 184, 212, 237,
        6, 52, 97, 137, 174, 208, 240,
        5, 57, 106, 151, 192, 231,
        5, 59, 111, 158, 202, 243,
        5, 55, 103, 147, 187, 224,
        5, 60, 113, 161, 206, 248,
        4, 65, 122, 175, 224,
        4, 67, 127, 182, 234,
    ];
}
