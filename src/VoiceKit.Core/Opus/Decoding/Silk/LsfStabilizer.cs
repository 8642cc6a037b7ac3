namespace VoiceKit.Opus.Decoding.Silk;

/// <summary>Keeps line spectral frequencies apart, so that the filter made of them is stable (RFC 6716 §4.2.7.5.4).</summary>
internal static class LsfStabilizer
{
    private const int One = 1 << 15;
    private const int MaxMoves = 20;

    /// <summary>Moves frequencies that are too near to each other or to a border.</summary>
    /// <param name="frequencies">Frequencies in Q15.</param>
    /// <param name="spacing">The least distance of each from the one before, and of the last from 1.</param>
    public static void Stabilize(Span<int> frequencies, ReadOnlySpan<short> spacing)
    {
        for (var move = 0; move < MaxMoves; move++)
        {
            var tightest = FindTightest(frequencies, spacing);
            if (tightest < 0)
                return;
            MoveApart(frequencies, spacing, tightest);
        }

        SortAndSpread(frequencies, spacing);
    }

    /// <summary>The gap that lacks most of its spacing; −1 where none lacks any.</summary>
    private static int FindTightest(ReadOnlySpan<int> frequencies, ReadOnlySpan<short> spacing)
    {
        var tightest = -1;
        var least = 0;
        var before = 0;
        for (var i = 0; i <= frequencies.Length; i++)
        {
            var frequency = i < frequencies.Length ? frequencies[i] : One;
            var room = frequency - before - spacing[i];
            if (room < least)
            {
                least = room;
                tightest = i;
            }

            before = frequency;
        }

        return tightest;
    }

    private static void MoveApart(Span<int> frequencies, ReadOnlySpan<short> spacing, int gap)
    {
        if (gap == 0)
        {
            frequencies[0] = spacing[0];
            return;
        }

        if (gap == frequencies.Length)
        {
            frequencies[^1] = One - spacing[gap];
            return;
        }

        var half = spacing[gap] >> 1;
        var lowest = half;
        for (var i = 0; i < gap; i++)
            lowest += spacing[i];
        var highest = One - half;
        for (var i = gap + 1; i <= frequencies.Length; i++)
            highest -= spacing[i];

        var center = FixedPoint.RoundShift(frequencies[gap - 1] + frequencies[gap], 1);
        center = center > highest ? highest : Math.Max(center, lowest);
        frequencies[gap - 1] = center - half;
        frequencies[gap] = frequencies[gap - 1] + spacing[gap];
    }

    /// <summary>The method of last resort, which does not keep the centers.</summary>
    private static void SortAndSpread(Span<int> frequencies, ReadOnlySpan<short> spacing)
    {
        Sort(frequencies);
        frequencies[0] = Math.Max(frequencies[0], spacing[0]);
        for (var i = 1; i < frequencies.Length; i++)
            frequencies[i] = Math.Max(frequencies[i], FixedPoint.Saturate16(frequencies[i - 1] + spacing[i]));

        frequencies[^1] = Math.Min(frequencies[^1], One - spacing[frequencies.Length]);
        for (var i = frequencies.Length - 2; i >= 0; i--)
            frequencies[i] = Math.Min(frequencies[i], frequencies[i + 1] - spacing[i + 1]);
    }

    private static void Sort(Span<int> values)
    {
        for (var i = 1; i < values.Length; i++)
        {
            var value = values[i];
            var at = i;
            for (; at > 0 && values[at - 1] > value; at--)
                values[at] = values[at - 1];
            values[at] = value;
        }
    }
}
