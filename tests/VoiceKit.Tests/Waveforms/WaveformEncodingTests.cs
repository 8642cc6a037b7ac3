using VoiceKit.Waveforms;

namespace VoiceKit.Tests.Waveforms;

/// <summary>The bars as each platform writes them, there and back.</summary>
public class WaveformEncodingTests
{
    private static readonly Waveform Bars = Waveform.FromLevels(
        [.. Enumerable.Range(0, 100).Select(i => (float)(0.5 + 0.5 * Math.Sin(i)))], TimeSpan.FromSeconds(12));

    public static TheoryData<WaveformEncoding, int, int> Encodings => new()
    {
        { WaveformEncoding.Telegram, 100, 31 },
        { WaveformEncoding.WhatsApp, 64, 100 },
        { WaveformEncoding.Discord, 100, 255 },
        { WaveformEncoding.Matrix, 100, 256 },
        { WaveformEncoding.MatrixV1, 100, 1024 },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Values_bytes_and_text_tell_the_same_bars(WaveformEncoding encoding, int count, int maxValue)
    {
        var values = Bars.ToValues(encoding);
        Assert.Equal((count, maxValue), (values.Length, values.Max()));
        var expected = Waveform.FromValues(values, encoding).Peaks.ToArray();
        Assert.Equal(values.Select(value => (float)value / maxValue), expected);
        Assert.Equal(expected, Waveform.FromBytes(Bars.ToBytes(encoding), encoding).Peaks.ToArray());
        Assert.Equal(expected, Waveform.FromText(Bars.ToText(encoding), encoding).Peaks.ToArray());
    }

    [Fact]
    public void Telegram_has_63_bytes_and_WhatsApp_64()
    {
        Assert.Equal(63, Bars.ToBytes(WaveformEncoding.Telegram).Length);
        Assert.Equal(64, Bars.ToBytes(WaveformEncoding.WhatsApp).Length);
    }

    [Theory]
    [InlineData("", WaveformEncoding.Matrix)]
    [InlineData("[]", WaveformEncoding.Matrix)]
    [InlineData("[1,2", WaveformEncoding.Matrix)]
    [InlineData("{}", WaveformEncoding.Matrix)]
    [InlineData("[1.5]", WaveformEncoding.Matrix)]
    [InlineData("[\"1\"]", WaveformEncoding.MatrixV1)]
    [InlineData("[1025]", WaveformEncoding.MatrixV1)]
    [InlineData("[-1]", WaveformEncoding.MatrixV1)]
    [InlineData("%", WaveformEncoding.Discord)]
    [InlineData("", WaveformEncoding.Discord)]
    [InlineData("AAA=", WaveformEncoding.WhatsApp)]
    [InlineData("no", WaveformEncoding.Telegram)]
    public void What_is_no_such_text_is_refused(string text, WaveformEncoding encoding) =>
        Assert.Throws<VoiceFormatException>(() => Waveform.FromText(text, encoding));

    [Fact]
    public void An_endless_array_is_refused() => Assert.Throws<VoiceFormatException>(
        () => Waveform.FromText($"[{string.Join(',', Enumerable.Repeat("0", Waveform.MaxCount + 1))}]", WaveformEncoding.Matrix));

    [Fact]
    public void A_value_out_of_the_range_is_refused()
    {
        Assert.Equal(
            1, Assert.Throws<VoiceFormatException>(() => Waveform.FromValues([31, 32], WaveformEncoding.Telegram)).Offset);
        Assert.Equal(
            1, Assert.Throws<VoiceFormatException>(() => Waveform.FromValues([0, 256], WaveformEncoding.Discord)).Offset);
        Assert.Throws<ArgumentOutOfRangeException>(() => Bars.ToBytes((WaveformEncoding)99));
    }
}
