namespace VoiceKit.Waveforms;

/// <summary>The bars of a Matrix voice message: 30 to 120 integers (MSC3246).</summary>
internal static class MatrixWaveform
{
    /// <summary>The lowest number of bars to send.</summary>
    public const int MinCount = 30;

    /// <summary>The highest number of bars to send.</summary>
    public const int MaxCount = 120;

    /// <summary>The highest value of a bar.</summary>
    /// <param name="version">Which text of the proposal.</param>
    /// <exception cref="ArgumentOutOfRangeException">The encoding is not one of Matrix.</exception>
    public static int MaxValueOf(WaveformEncoding version) => version switch
    {
        WaveformEncoding.MatrixV1 => 1024,
        WaveformEncoding.Matrix => 256,
        _ => throw new ArgumentOutOfRangeException(nameof(version), version, "There is no such version."),
    };

    /// <summary>
    /// Scales bars so that the loudest has the highest value: the RMS of each over the highest RMS, or over −35 dBFS if that is
    /// more.
    /// </summary>
    /// <param name="waveform">The bars; fewer than 30 become 30, more than 120 become 120.</param>
    /// <param name="version">Which text of the proposal.</param>
    /// <returns>The integers; all 0 for silence.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The encoding is not one of Matrix.</exception>
    public static int[] Encode(Waveform waveform, WaveformEncoding version)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        var maxValue = MaxValueOf(version);
        var bars = waveform.WithCount(Math.Clamp(waveform.Count, MinCount, MaxCount));
        return Array.ConvertAll(bars.NormalizedRms(), level => (int)MathF.Round(level * maxValue));
    }

    /// <summary>
    /// Reads bars; any number of them up to <see cref="Waveform.MaxCount"/>, since a sender cannot be relied upon.
    /// </summary>
    /// <param name="values">The integers.</param>
    /// <param name="version">Which text of the proposal.</param>
    /// <param name="duration">The length of the audio.</param>
    /// <returns>Levels in 0…1; see <see cref="Waveform.FromLevels"/>.</returns>
    /// <exception cref="VoiceFormatException">
    /// There are no values or too many, or one is out of its range; the offset is its index.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The encoding is not one of Matrix, or the duration is below 0.</exception>
    public static Waveform Decode(ReadOnlySpan<int> values, WaveformEncoding version, TimeSpan duration = default)
    {
        var maxValue = MaxValueOf(version);
        WaveformValues.CheckCount(values.Length, Waveform.MaxCount, values.Length);
        var levels = new float[values.Length];
        for (var i = 0; i < levels.Length; i++)
        {
            levels[i] = values[i] >= 0 && values[i] <= maxValue
                ? (float)values[i] / maxValue
                : throw new VoiceFormatException($"A bar is {values[i]}, out of 0…{maxValue}.", i);
        }

        return Waveform.FromLevels(levels, duration);
    }
}
