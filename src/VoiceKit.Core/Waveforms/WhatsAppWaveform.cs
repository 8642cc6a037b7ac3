namespace VoiceKit.Waveforms;

/// <summary>The bars of a WhatsApp voice message: 64 bytes of 0…100 (<c>AudioMessage.waveform</c>).</summary>
internal static class WhatsAppWaveform
{
    /// <summary>The number of bars.</summary>
    public const int Count = 64;

    /// <summary>The highest value of a bar.</summary>
    public const int MaxValue = 100;

    /// <summary>Scales bars so that the loudest is 100, but for bars of near silence, which stay low.</summary>
    /// <remarks>
    /// Clients take the mean magnitude of each bar over the highest one. A <see cref="Waveform"/> has the RMS instead, which is
    /// that mean times a factor that hardly changes within one voice.
    /// </remarks>
    /// <param name="waveform">The bars; another number than 64 is cut into 64.</param>
    /// <returns>64 bytes; all 0 for silence.</returns>
    public static byte[] Encode(Waveform waveform)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        return Array.ConvertAll(waveform.WithCount(Count).NormalizedRms(), level => (byte)(level * MaxValue));
    }

    /// <summary>Reads bars.</summary>
    /// <param name="data">64 bytes of 0…100.</param>
    /// <param name="duration">The length of the audio.</param>
    /// <returns>Levels in 0…1 in steps of 1/100; see <see cref="Waveform.FromLevels"/>.</returns>
    /// <exception cref="VoiceFormatException">The length is not 64 bytes, or a byte is above 100.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The duration is below 0.</exception>
    public static Waveform Decode(ReadOnlySpan<byte> data, TimeSpan duration = default) => data.Length == Count
        ? WaveformValues.ToWaveform(data, MaxValue, duration)
        : throw new VoiceFormatException($"The waveform has {data.Length} bars, not {Count}.", Math.Min(data.Length, Count));
}
