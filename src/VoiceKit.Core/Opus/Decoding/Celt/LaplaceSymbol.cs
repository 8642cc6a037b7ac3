using VoiceKit.Opus.Decoding.Range;

namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>Integers whose probability falls off by a constant factor on either side of zero (RFC 6716 §4.3.2.1).</summary>
internal static class LaplaceSymbol
{
    private const int TotalBits = 15;
    private const uint Total = 1 << TotalBits;
    private const uint SmallestFrequency = 1;

    /// <summary>Values on each side that always keep the smallest frequency.</summary>
    private const uint GuaranteedValues = 16;

    /// <summary>Reads one value.</summary>
    /// <param name="range">The range decoder.</param>
    /// <param name="zeroFrequency">The frequency of zero, of 32768.</param>
    /// <param name="decay">The factor from one frequency to the next, of 16384.</param>
    public static int Decode(ref RangeDecoder range, uint zeroFrequency, uint decay)
    {
        var target = range.DecodeBinary(TotalBits);
        if (target < zeroFrequency)
        {
            range.Update(0, zeroFrequency, Total);
            return 0;
        }

        var value = 1;
        var low = zeroFrequency;
        var frequency = FrequencyOfOne(zeroFrequency, decay) + SmallestFrequency;
        while (frequency > SmallestFrequency && target >= low + 2 * frequency)
        {
            low += 2 * frequency;
            frequency = ((2 * frequency - 2 * SmallestFrequency) * decay >> TotalBits) + SmallestFrequency;
            value++;
        }

        if (frequency <= SmallestFrequency)
        {
            // From here on every value has the smallest frequency.
            var further = (target - low) / (2 * SmallestFrequency);
            value += (int)further;
            low += 2 * further * SmallestFrequency;
        }

        var isNegative = target < low + frequency;
        if (!isNegative)
            low += frequency;
        range.Update(low, Math.Min(low + frequency, Total), Total);
        return isNegative ? -value : value;
    }

    private static uint FrequencyOfOne(uint zeroFrequency, uint decay) =>
        (Total - 2 * GuaranteedValues * SmallestFrequency - zeroFrequency) * (16384 - decay) >> TotalBits;
}
