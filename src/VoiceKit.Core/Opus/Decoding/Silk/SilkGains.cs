namespace VoiceKit.Opus.Decoding.Silk;

/// <summary>The gains of subframes, uniform on a logarithmic scale of 1.37 dB a step (RFC 6716 §4.2.7.4).</summary>
internal static class SilkGains
{
    private const int MaxIndex = 63;

    /// <summary>Makes gains in Q16 of the indices of a frame.</summary>
    /// <param name="indices">As read: absolute, or a change plus 4.</param>
    /// <param name="isFirstRelative">Whether the first is a change as the others are.</param>
    /// <param name="last">The index of the subframe before; becomes that of the last subframe.</param>
    /// <param name="gains">Where the gains go, one for each index.</param>
    public static void Dequantize(ReadOnlySpan<int> indices, bool isFirstRelative, ref int last, Span<int> gains)
    {
        for (var i = 0; i < indices.Length; i++)
        {
            var index = i == 0 && !isFirstRelative ? Math.Max(indices[0], last - 16) : last + Change(indices[i] - 4, last);
            last = Math.Min(Math.Max(index, 0), MaxIndex);
            gains[i] = FixedPoint.PowerOf2(FixedPoint.MultiplyQ16(0x1D1C71, last) + 2090);
        }
    }

    // Where the gain is so low that a change could not reach the highest index, large changes count double.
    private static int Change(int change, int last)
    {
        var threshold = 8 + last;
        return change > threshold ? 2 * change - threshold : change;
    }
}
