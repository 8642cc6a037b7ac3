namespace VoiceKit.Waveforms;

/// <summary>
/// The bars of a Telegram voice note: 100 values of 5 bits, packed from the lowest bit up into 63 bytes
/// (<c>documentAttributeAudio.waveform</c>, TDLib's <c>voiceNote.waveform</c>).
/// </summary>
internal static class TelegramWaveform
{
    /// <summary>The number of bars that Telegram's own clients write.</summary>
    public const int Count = 100;

    /// <summary>The highest value of a bar.</summary>
    public const int MaxValue = 31;

    private const int BitsPerValue = 5;
    private const int LeastCeiling = 2500;
    private const double CeilingPerMean = 1.8;

    /// <summary>Scales bars as Telegram's clients do and packs them.</summary>
    /// <remarks>
    /// With the peaks as 16-bit samples, what is above max(2500, 1.8 × their mean) is cut off there, and that is 31.
    /// </remarks>
    /// <param name="waveform">The bars; another number than 100 is cut into 100.</param>
    /// <returns>63 bytes; all 0 for silence.</returns>
    public static byte[] Encode(Waveform waveform)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        var peaks = ToSamples(waveform.WithCount(Count).Peaks);
        var ceiling = Math.Max(LeastCeiling, (int)(CeilingPerMean * peaks.Sum() / Count));
        return Pack(Array.ConvertAll(peaks, peak => (byte)(Math.Min(peak, ceiling) * MaxValue / ceiling)));
    }

    /// <summary>Unpacks bars.</summary>
    /// <param name="data">As many bytes as there are; whole 5-bit values are read, so 63 bytes are 100 bars.</param>
    /// <param name="duration">The length of the audio.</param>
    /// <returns>Levels in 0…1 in steps of 1/31; see <see cref="Waveform.FromLevels"/>.</returns>
    /// <exception cref="VoiceFormatException">There is no whole value, or there are more than a waveform has bars.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The duration is below 0.</exception>
    public static Waveform Decode(ReadOnlySpan<byte> data, TimeSpan duration = default) =>
        WaveformValues.ToWaveform(Unpack(data), MaxValue, duration);

    /// <summary>Packs values of 5 bits: value i stands at bit 5·i, its lowest bit first.</summary>
    /// <param name="values">Values in 0…31.</param>
    /// <returns>⌈5·n / 8⌉ bytes; bits behind the last value are 0.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value is above 31.</exception>
    public static byte[] Pack(ReadOnlySpan<byte> values)
    {
        var data = new byte[(int)(((long)values.Length * BitsPerValue + 7) / 8)];
        var bit = 0L;
        foreach (var value in values)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxValue, nameof(values));
            var (at, shift) = ((int)(bit / 8), (int)(bit % 8));
            data[at] |= (byte)(value << shift);
            if (shift > 8 - BitsPerValue)
                data[at + 1] = (byte)(value >> (8 - shift));
            bit += BitsPerValue;
        }

        return data;
    }

    /// <summary>Unpacks values of 5 bits.</summary>
    /// <param name="data">The bytes.</param>
    /// <returns>The ⌊8·n / 5⌋ whole values, each in 0…31.</returns>
    /// <exception cref="VoiceFormatException">There is no whole value, or there are more than a waveform has bars.</exception>
    public static byte[] Unpack(ReadOnlySpan<byte> data)
    {
        var count = data.Length * 8L / BitsPerValue;
        WaveformValues.CheckCount(count, Waveform.MaxCount, data.Length);
        var values = new byte[count];
        for (var i = 0; i < values.Length; i++)
        {
            var (at, shift) = (i * BitsPerValue / 8, i * BitsPerValue % 8);
            var word = data[at] | (shift > 8 - BitsPerValue ? data[at + 1] << 8 : 0);
            values[i] = (byte)((word >> shift) & MaxValue);
        }

        return values;
    }

    private static int[] ToSamples(ReadOnlySpan<float> peaks)
    {
        var samples = new int[peaks.Length];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = (int)Math.Min(MathF.Round(peaks[i] * 32768), short.MaxValue);
        return samples;
    }
}
