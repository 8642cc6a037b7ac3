namespace VoiceKit.Waveforms;

/// <summary>What the encodings of chat platforms have in common: whole numbers from 0 to some highest one.</summary>
internal static class WaveformValues
{
    /// <summary>Refuses numbers of values that no waveform has.</summary>
    /// <param name="count">The number of values.</param>
    /// <param name="maxCount">The highest allowed.</param>
    /// <param name="size">Where the input ends.</param>
    public static void CheckCount(long count, int maxCount, long size)
    {
        if (count == 0)
            throw new VoiceFormatException("The waveform has no bars.", size);
        if (count > maxCount)
            throw new VoiceFormatException($"The waveform has {count} bars, more than {maxCount}.", maxCount);
    }

    /// <summary>Makes a waveform of bytes.</summary>
    public static Waveform ToWaveform(ReadOnlySpan<byte> values, int maxValue, TimeSpan duration)
    {
        var levels = new float[values.Length];
        for (var i = 0; i < levels.Length; i++)
        {
            levels[i] = values[i] <= maxValue
                ? (float)values[i] / maxValue
                : throw new VoiceFormatException($"A bar is {values[i]}, above {maxValue}.", i);
        }

        return Waveform.FromLevels(levels, duration);
    }
}
