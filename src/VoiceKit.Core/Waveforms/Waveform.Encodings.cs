using System.Globalization;
using System.Text;
using System.Text.Json;

namespace VoiceKit.Waveforms;

// The bars as chat platforms write them.
public sealed partial class Waveform
{
    /// <summary>Scales the bars as a platform's own clients do, to whole numbers.</summary>
    /// <param name="encoding">The platform's; it says how many values there are and what range they have.</param>
    /// <returns>The values; all 0 for silence.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is no member of the enumeration.</exception>
    public int[] ToValues(WaveformEncoding encoding) => encoding switch
    {
        WaveformEncoding.Telegram => Widen(TelegramWaveform.Unpack(TelegramWaveform.Encode(this))),
        WaveformEncoding.Matrix or WaveformEncoding.MatrixV1 => MatrixWaveform.Encode(this, encoding),
        _ => Widen(ToBytes(encoding)),
    };

    /// <summary>Writes the bars as a platform has them in binary messages.</summary>
    /// <param name="encoding">The platform's.</param>
    /// <returns>Telegram: 63 bytes. WhatsApp: 64 bytes. Discord: 1 to 256 bytes. Matrix: a JSON array in UTF-8.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is no member of the enumeration.</exception>
    public byte[] ToBytes(WaveformEncoding encoding) => encoding switch
    {
        WaveformEncoding.Telegram => TelegramWaveform.Encode(this),
        WaveformEncoding.WhatsApp => WhatsAppWaveform.Encode(this),
        WaveformEncoding.Discord => Convert.FromBase64String(DiscordWaveform.Encode(this)),
        WaveformEncoding.Matrix or WaveformEncoding.MatrixV1 => Encoding.UTF8.GetBytes(ToText(encoding)),
        _ => throw NoSuch(encoding),
    };

    /// <summary>Writes the bars as a platform has them in JSON.</summary>
    /// <param name="encoding">The platform's.</param>
    /// <returns>Telegram, WhatsApp and Discord: base64 of the bytes. Matrix: an array of integers.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is no member of the enumeration.</exception>
    public string ToText(WaveformEncoding encoding) => encoding is WaveformEncoding.Matrix or WaveformEncoding.MatrixV1
        ? $"[{string.Join(',', ToValues(encoding).Select(value => value.ToString(CultureInfo.InvariantCulture)))}]"
        : Convert.ToBase64String(ToBytes(encoding));

    /// <summary>Reads bars that were received as whole numbers.</summary>
    /// <param name="values">The numbers; a sender cannot be relied upon, so Matrix may have any number of them.</param>
    /// <param name="encoding">The platform's.</param>
    /// <param name="duration">The length of the audio.</param>
    /// <returns>Levels in 0…1; see <see cref="FromLevels"/>.</returns>
    /// <exception cref="VoiceFormatException">
    /// There are no values or too many, or one is out of its range; the offset is its index.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The encoding is no member of the enumeration, or the duration is below 0.
    /// </exception>
    public static Waveform FromValues(ReadOnlySpan<int> values, WaveformEncoding encoding, TimeSpan duration = default)
    {
        if (encoding is WaveformEncoding.Matrix or WaveformEncoding.MatrixV1)
            return MatrixWaveform.Decode(values, encoding, duration);
        var bytes = Narrow(values);
        return encoding == WaveformEncoding.Telegram
            ? WaveformValues.ToWaveform(bytes, TelegramWaveform.MaxValue, duration)
            : FromBytes(bytes, encoding, duration);
    }

    /// <summary>Reads bars that were received as bytes.</summary>
    /// <param name="data">See <see cref="ToBytes"/>.</param>
    /// <param name="encoding">The platform's.</param>
    /// <param name="duration">The length of the audio.</param>
    /// <returns>Levels in 0…1; see <see cref="FromLevels"/>.</returns>
    /// <exception cref="VoiceFormatException">There are no bars or too many, or one is out of its range.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The encoding is no member of the enumeration, or the duration is below 0.
    /// </exception>
    public static Waveform FromBytes(ReadOnlySpan<byte> data, WaveformEncoding encoding, TimeSpan duration = default)
    {
        switch (encoding)
        {
            case WaveformEncoding.Telegram:
                return TelegramWaveform.Decode(data, duration);
            case WaveformEncoding.WhatsApp:
                return WhatsAppWaveform.Decode(data, duration);
            case WaveformEncoding.Discord:
                WaveformValues.CheckCount(data.Length, DiscordWaveform.MaxCount, data.Length);
                return WaveformValues.ToWaveform(data, DiscordWaveform.MaxValue, duration);
            case WaveformEncoding.Matrix or WaveformEncoding.MatrixV1:
                return FromValues(ReadArray(data), encoding, duration);
            default:
                throw NoSuch(encoding);
        }
    }

    /// <summary>Reads bars that were received in JSON.</summary>
    /// <param name="text">See <see cref="ToText"/>.</param>
    /// <param name="encoding">The platform's.</param>
    /// <param name="duration">The length of the audio.</param>
    /// <returns>Levels in 0…1; see <see cref="FromLevels"/>.</returns>
    /// <exception cref="VoiceFormatException">The text is no base64 or no array, or a bar is out of its range.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The encoding is no member of the enumeration, or the duration is below 0.
    /// </exception>
    public static Waveform FromText(string text, WaveformEncoding encoding, TimeSpan duration = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (encoding == WaveformEncoding.Discord)
            return DiscordWaveform.Decode(text, duration);
        if (encoding is WaveformEncoding.Matrix or WaveformEncoding.MatrixV1)
            return FromBytes(Encoding.UTF8.GetBytes(text), encoding, duration);
        var data = new byte[text.Length];
        return Convert.TryFromBase64String(text, data, out var count)
            ? FromBytes(data.AsSpan(0, count), encoding, duration)
            : throw new VoiceFormatException("The waveform is no base64.", 0);
    }

    private static int[] ReadArray(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        var values = new List<int>();
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
                throw new VoiceFormatException("The waveform is no array.", 0);
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                WaveformValues.CheckCount(values.Count + 1, MaxCount, reader.TokenStartIndex);
                values.Add(reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var value)
                    ? value
                    : throw new VoiceFormatException("A bar is no integer.", reader.TokenStartIndex));
            }
        }
        catch (JsonException exception)
        {
            throw new VoiceFormatException($"The waveform is no JSON: {exception.Message}", reader.BytesConsumed);
        }

        return [.. values];
    }

    private static int[] Widen(byte[] values) => Array.ConvertAll(values, value => (int)value);

    private static byte[] Narrow(ReadOnlySpan<int> values)
    {
        WaveformValues.CheckCount(values.Length, MaxCount, values.Length);
        var bytes = new byte[values.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = values[i] is >= 0 and <= byte.MaxValue
                ? (byte)values[i]
                : throw new VoiceFormatException($"A bar is {values[i]}, which no byte holds.", i);
        }

        return bytes;
    }

    private static ArgumentOutOfRangeException NoSuch(WaveformEncoding encoding) =>
        new(nameof(encoding), encoding, "There is no such encoding.");
}
