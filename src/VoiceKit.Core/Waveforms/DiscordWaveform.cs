using System.Buffers.Text;
using System.Text;

namespace VoiceKit.Waveforms;

/// <summary>
/// The bars of a Discord voice message: base64 of 1 to 256 bytes of 0…255, no more than one for each 100 ms (the attachment's
/// <c>waveform</c>; Discord API documentation, "Voice messages").
/// </summary>
internal static class DiscordWaveform
{
    /// <summary>The highest number of bars.</summary>
    public const int MaxCount = 256;

    /// <summary>The highest value of a bar.</summary>
    public const int MaxValue = 255;

    private const int MaxTextLength = (MaxCount + 2) / 3 * 4;
    private const double FloorDecibels = -60;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    /// <summary>How many bars a message of some length has.</summary>
    /// <param name="duration">The length of the audio.</param>
    /// <returns>One for each whole 100 ms, 1…256.</returns>
    public static int CountFor(TimeSpan duration) => (int)Math.Clamp(duration / Step, 1, MaxCount);

    /// <summary>Scales bars and encodes them: the RMS in dBFS, −60 dB and less is 0, 0 dBFS is 255.</summary>
    /// <param name="waveform">
    /// The bars; where they are more than <see cref="CountFor"/> says, they are cut into that many. A duration of zero is taken
    /// for an unknown one.
    /// </param>
    /// <returns>Base64; all bytes are 0 for silence.</returns>
    public static string Encode(Waveform waveform)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        var maxCount = waveform.Duration == TimeSpan.Zero ? MaxCount : CountFor(waveform.Duration);
        var bars = waveform.WithCount(Math.Min(waveform.Count, maxCount));
        var values = new byte[bars.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = ToValue(bars.Rms[i]);
        return Convert.ToBase64String(values);
    }

    /// <summary>Reads bars.</summary>
    /// <param name="text">Base64 of 1 to 256 bytes.</param>
    /// <param name="duration">The length of the audio.</param>
    /// <returns>Levels in 0…1 in steps of 1/255; see <see cref="Waveform.FromLevels"/>.</returns>
    /// <exception cref="VoiceFormatException">The text is no base64, or stands for no bytes or too many.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The duration is below 0.</exception>
    public static Waveform Decode(string text, TimeSpan duration = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaxTextLength)
            throw new VoiceFormatException($"The waveform has more than {MaxCount} bars.", MaxTextLength);

        // What is no ASCII becomes '?', which is no base64 either.
        Span<byte> characters = stackalloc byte[MaxTextLength];
        var length = Encoding.ASCII.GetBytes(text, characters);
        Span<byte> values = stackalloc byte[MaxTextLength];
        var status = Base64.DecodeFromUtf8(characters[..length], values, out var consumed, out var count);
        if (status != System.Buffers.OperationStatus.Done)
            throw new VoiceFormatException("The waveform is no base64.", consumed);
        WaveformValues.CheckCount(count, MaxCount, consumed);
        return WaveformValues.ToWaveform(values[..count], MaxValue, duration);
    }

    private static byte ToValue(float rms)
    {
        var height = 1 - 20 * Math.Log10(rms) / FloorDecibels; // −∞ for silence.
        return (byte)Math.Round(Math.Clamp(height, 0, 1) * MaxValue);
    }
}
