using System.Runtime.Intrinsics;

namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>
/// How the bins of a band are arranged while it is decoded (RFC 6716 §4.3.4.5): by Haar transforms its resolution in time or in
/// frequency grows, and then the bins of each time stand together.
/// </summary>
internal readonly struct BandShape
{
    private const float HalfRoot = 0.70710678f;

    private readonly int _size;
    private readonly int _joins;
    private readonly int _splits;
    private readonly bool _wasLong;

    /// <summary>Plans the arrangement of a band.</summary>
    /// <param name="size">The bins of the band.</param>
    /// <param name="blocks">The short MDCTs that they interleave.</param>
    /// <param name="change">The change of resolution: above zero in frequency, below in time.</param>
    public BandShape(int size, int blocks, int change)
    {
        _size = size;
        _wasLong = blocks == 1;
        _joins = Math.Max(change, 0);
        var blockSize = size / blocks << _joins;
        Blocks = blocks >> _joins;
        for (; change < 0 && (blockSize & 1) == 0; change++)
        {
            Blocks <<= 1;
            blockSize >>= 1;
            _splits++;
        }
    }

    /// <summary>The times that are told apart while the band is decoded.</summary>
    public int Blocks { get; }

    /// <summary>Arranges what a band is folded from.</summary>
    public void Arrange(Span<float> bins, Span<float> scratch)
    {
        for (var level = 0; level < _joins; level++)
            Haar(bins, 1 << level);
        for (var blocks = Blocks >> _splits; blocks < Blocks; blocks <<= 1)
            Haar(bins, blocks);
        if (Blocks > 1)
            Deinterleave(bins, scratch[..bins.Length]);
    }

    /// <summary>Arranges a mask of blocks that are not empty.</summary>
    public int ArrangeMask(int mask)
    {
        for (var level = 0; level < _joins; level++)
            mask = JoinedMasks[mask & 0xF] | JoinedMasks[mask >> 4] << 2;
        for (var blocks = Blocks >> _splits; blocks < Blocks; blocks <<= 1)
            mask |= mask << blocks;
        return mask;
    }

    /// <summary>Arranges a decoded band as before.</summary>
    public void Restore(Span<float> bins, Span<float> scratch)
    {
        if (Blocks > 1)
            Interleave(bins, scratch[..bins.Length]);
        for (var split = 1; split <= _splits; split++)
            Haar(bins, Blocks >> split);
        for (var level = 0; level < _joins; level++)
            Haar(bins, 1 << level);
    }

    /// <summary>Arranges the mask of a decoded band as before.</summary>
    public int RestoreMask(int mask)
    {
        for (var split = 1; split <= _splits; split++)
            mask |= mask >> (Blocks >> split);
        for (var level = 0; level < _joins; level++)
            mask = DoubledMasks[mask];
        return mask & (1 << (Blocks >> _splits << _joins)) - 1;
    }

    /// <summary>Sums and differences of bins a stride apart.</summary>
    private static void Haar(Span<float> bins, int stride)
    {
        if (stride == 1)
        {
            HaarOfNeighbours(bins);
            return;
        }

        for (; bins.Length >= 2 * stride; bins = bins[(2 * stride)..])
            HaarOfHalves(bins[..stride], bins.Slice(stride, stride));
    }

    private static void HaarOfHalves(Span<float> low, Span<float> high)
    {
        while (low.Length >= 4 && high.Length >= 4)
        {
            var a = Vector128.Create<float>(low) * HalfRoot;
            var b = Vector128.Create<float>(high) * HalfRoot;
            (a + b).StoreTo(low);
            (a - b).StoreTo(high);
            low = low[4..];
            high = high[4..];
        }

        for (var i = 0; i < low.Length && i < high.Length; i++)
            HaarOfPair(ref low[i], ref high[i]);
    }

    private static void HaarOfNeighbours(Span<float> bins)
    {
        while (bins.Length >= 4)
        {
            var pairs = Vector128.Create<float>(bins) * HalfRoot;
            var exchanged = Vector128.Shuffle(pairs, Vector128.Create(1, 0, 3, 2));
            (exchanged + pairs * Vector128.Create(1f, -1, 1, -1)).StoreTo(bins);
            bins = bins[4..];
        }

        if (bins.Length >= 2)
            HaarOfPair(ref bins[0], ref bins[1]);
    }

    private static void HaarOfPair(ref float low, ref float high)
    {
        var a = HalfRoot * low;
        var b = HalfRoot * high;
        low = a + b;
        high = a - b;
    }

    private void Deinterleave(Span<float> bins, Span<float> scratch)
    {
        var stride = Blocks << _joins;
        var length = _size / stride;
        for (var block = 0; block < stride; block++)
        {
            var row = scratch.Slice(Order(stride, block) * length, length);
            var from = block;
            for (var i = 0; i < row.Length; i++, from += stride)
                row[i] = bins[from];
        }

        scratch.CopyTo(bins);
    }

    private void Interleave(Span<float> bins, Span<float> scratch)
    {
        var stride = Blocks << _joins;
        var length = _size / stride;
        for (var block = 0; block < stride; block++)
        {
            var row = bins.Slice(Order(stride, block) * length, length);
            var to = block;
            for (var i = 0; i < row.Length; i++, to += stride)
                scratch[to] = row[i];
        }

        scratch.CopyTo(bins);
    }

    /// <summary>Blocks that a long MDCT was split into are put in the order of their sequency.</summary>
    private int Order(int count, int block) => _wasLong ? SequencyOrders[count - 2 + block] : block;

    /// <summary>For 2, 4, 8 and 16 blocks: the place of each one of the natural order.</summary>
    private static ReadOnlySpan<byte> SequencyOrders =>
    [
        1, 0,
        3, 0, 2, 1,
        7, 0, 4, 3, 6, 1, 5, 2,
        15, 0, 8, 7, 12, 3, 11, 4, 14, 1, 9, 6, 13, 2, 10, 5,
    ];

    /// <summary>A mask for pairs of four blocks.</summary>
    private static ReadOnlySpan<byte> JoinedMasks => [0, 1, 1, 1, 2, 3, 3, 3, 2, 3, 3, 3, 2, 3, 3, 3];

    /// <summary>A mask for eight blocks, of one for their pairs.</summary>
    private static ReadOnlySpan<byte> DoubledMasks =>
        [0x00, 0x03, 0x0C, 0x0F, 0x30, 0x33, 0x3C, 0x3F, 0xC0, 0xC3, 0xCC, 0xCF, 0xF0, 0xF3, 0xFC, 0xFF];
}
