using System.Text;
using FsCheck.Fluent;
using VoiceKit.Tests.Support;
using VoiceKit.Waveforms;
using static VoiceKit.Tests.Waveforms.Signals;

namespace VoiceKit.Tests.Waveforms;

public class PlatformWaveformTests
{
    private static readonly float[] Speech = Scale(WanderingNoise(48_000 * 12, seed: 1), -6);

    [Theory]
    [InlineData(new byte[] { 1, 2, 3 }, "410c")]
    [InlineData(new byte[] { 31, 0, 31 }, "1f7c")]
    [InlineData(new byte[] { 0, 31 }, "e003")]
    [InlineData(new byte[] { 16, 16, 16, 16, 16, 16, 16, 16 }, "1042082184")]
    public void Telegram_packs_from_the_lowest_bit_up(byte[] values, string packed)
    {
        Assert.Equal(packed, Convert.ToHexStringLower(TelegramWaveform.Pack(values)));
        Assert.Equal(values, TelegramWaveform.Unpack(Convert.FromHexString(packed))[..values.Length]);
    }

    [Fact]
    public void Telegram_packing_is_a_string_of_bits() => Fx.Check(
        Gen.Choose(0, 31).Select(value => (byte)value).ArrayOf(100),
        values =>
        {
            var bits = string.Concat(values.Select(value => string.Concat(Convert.ToString(value, 2).PadLeft(5, '0').Reverse())));
            var expected = bits.PadRight(504, '0').Chunk(8).Select(bits => Convert.ToByte(new string([.. bits.Reverse()]), 2));
            var packed = TelegramWaveform.Pack(values);
            Assert.Equal(expected, packed);
            Assert.Equal(63, packed.Length);
            Assert.Equal(values, TelegramWaveform.Unpack(packed));
        });

    [Fact]
    public void Telegram_scales_as_its_clients_do()
    {
        var waveform = Draw(Speech, 100, Mono48);
        var peaks = waveform.Peaks.ToArray().Select(peak => (int)Math.Min(32767, Math.Round(peak * 32768.0))).ToArray();
        var ceiling = Math.Max(2500, (int)(peaks.Average() * 1.8));
        Assert.Contains(peaks, peak => peak > ceiling);
        var expected = peaks.Select(peak => (byte)Math.Min(31, peak * 31 / ceiling));
        Assert.Equal(expected, TelegramWaveform.Unpack(TelegramWaveform.Encode(waveform)));

        var decoded = TelegramWaveform.Decode(TelegramWaveform.Encode(waveform), waveform.Duration);
        Assert.Equal(expected.Select(value => value / 31f), decoded.ToBars(WaveformScale.Linear));
        Assert.Equal(TimeSpan.FromSeconds(12), decoded.Duration);
    }

    [Fact]
    public void Telegram_does_not_raise_a_quiet_room() =>
        Assert.All(
            TelegramWaveform.Unpack(TelegramWaveform.Encode(Draw(Scale(Speech, -60), 100, Mono48))), value =>
                Assert.Equal(0, value));

    [Fact]
    public void WhatsApp_is_close_to_the_mean_magnitude_over_the_highest()
    {
        var blocks = Speech.Chunk(Speech.Length / 64).Take(64).Select(block => block.Average(Math.Abs)).ToArray();
        var expected = blocks.Select(mean => (int)(100 * mean / blocks.Max())).ToArray();
        var actual = WhatsAppWaveform.Encode(Draw(Speech, 64, Mono48));
        Assert.Equal(64, actual.Length);
        Assert.Equal(100, actual.Max());
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second, pair.First - 5, pair.First + 25));
        Assert.InRange(expected.Zip(actual, (one, other) => Math.Abs(one - other)).Average(), 0, 10);
    }

    [Fact]
    public void WhatsApp_comes_back_as_it_was() => Fx.Check(
        Gen.Choose(0, 100).Select(value => (byte)value).ArrayOf(64),
        values =>
            Assert.Equal(values.Select(value => value / 100f), WhatsAppWaveform.Decode(values).ToBars(WaveformScale.Linear)));

    [Fact]
    public void Discord_is_decibels_over_sixty()
    {
        var waveform = Waveform.FromLevels([1, 0.1f, 0.001f, 0.0001f, 0, 8], TimeSpan.FromSeconds(1));
        Assert.Equal([255, 170, 0, 0, 0, 255], Convert.FromBase64String(DiscordWaveform.Encode(waveform)));
    }

    [Theory]
    [InlineData(0.02, 500, 1)]
    [InlineData(1.55, 500, 15)]
    [InlineData(12, 500, 120)]
    [InlineData(12, 50, 50)]
    [InlineData(12_000, 500, 256)]
    [InlineData(0, 500, 256)]
    public void Discord_has_at_most_one_bar_each_tenth_of_a_second_and_256(double seconds, int bars, int expected)
    {
        var text = DiscordWaveform.Encode(Waveform.FromLevels(new float[bars], TimeSpan.FromSeconds(seconds)));
        Assert.Equal(new byte[expected], Convert.FromBase64String(text));
    }

    [Fact]
    public void Discord_comes_back_as_it_was() => Fx.Check(
        from count in Gen.Choose(1, 256)
        from values in Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(count)
        select values,
        values => Assert.Equal(
            values.Select(value => value / 255f), DiscordWaveform.Decode(Convert.ToBase64String(values)).ToBars(
                WaveformScale.Linear)));

    [Theory]
    [InlineData(WaveformEncoding.MatrixV1, 1024)]
    [InlineData(WaveformEncoding.Matrix, 256)]
    public void Matrix_has_the_range_of_its_version(WaveformEncoding version, int maxValue)
    {
        var waveform = Draw(Speech, 100, Mono48);
        var values = MatrixWaveform.Encode(waveform, version);
        Assert.Equal((100, maxValue), (values.Length, values.Max()));
        Assert.Equal(
            values.Select(value => (float)value / maxValue), MatrixWaveform.Decode(values, version).ToBars(WaveformScale.Linear));
        var highest = waveform.Rms.ToArray().Max();
        Assert.Equal(waveform.Rms.ToArray().Select(rms => (int)MathF.Round(rms / highest * maxValue)), values);
        Assert.Equal(
            maxValue,
            Assert.Throws<VoiceFormatException>(
                () => MatrixWaveform.Decode([.. new int[maxValue], maxValue + 1], version)).Offset);
        Assert.Equal(1, Assert.Throws<VoiceFormatException>(() => MatrixWaveform.Decode([0, -1], version)).Offset);
    }

    [Theory]
    [InlineData(1, 30)]
    [InlineData(44, 44)]
    [InlineData(5000, 120)]
    public void Matrix_has_30_to_120_bars(int bars, int expected) =>
        Assert.Equal(expected, MatrixWaveform.Encode(Waveform.FromLevels(new float[bars]), WaveformEncoding.MatrixV1).Length);

    [Fact]
    public void Silence_is_flat_everywhere()
    {
        foreach (var silence in new[] { Draw([], 40, Mono48), Draw(new float[96_000], 300, Mono48) })
        {
            Assert.Equal(new byte[63], TelegramWaveform.Encode(silence));
            Assert.Equal(new byte[64], WhatsAppWaveform.Encode(silence));
            Assert.All(Convert.FromBase64String(DiscordWaveform.Encode(silence)), value => Assert.Equal(0, value));
            Assert.All(MatrixWaveform.Encode(silence, WaveformEncoding.Matrix), value => Assert.Equal(0, value));
            Assert.All(AudioWaveformFile.FromWaveform(silence).Data.ToArray(), value => Assert.Equal(0, value));
        }
    }

    [Theory]
    [InlineData(float.MaxValue)]
    [InlineData(float.Epsilon)]
    public void Levels_of_any_size_stay_in_range(float level)
    {
        var waveform = Waveform.FromLevels([level, 0, level / 2], TimeSpan.FromSeconds(2));
        Assert.All(TelegramWaveform.Unpack(TelegramWaveform.Encode(waveform)), value => Assert.InRange(value, 0, 31));
        Assert.Equal(100, WhatsAppWaveform.Encode(Waveform.FromLevels([level])).Max());
        Assert.Equal(1024, MatrixWaveform.Encode(Waveform.FromLevels([level]), WaveformEncoding.MatrixV1).Max());
        Assert.Equal(level > 1 ? 255 : 0, Convert.FromBase64String(DiscordWaveform.Encode(waveform))[0]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(65)]
    public void WhatsApp_refuses_other_lengths(int length) =>
        Assert.Equal(
            Math.Min(length, 64), Assert.Throws<VoiceFormatException>(() => WhatsAppWaveform.Decode(new byte[length])).Offset);

    [Fact]
    public void What_is_no_waveform_is_refused_where_it_goes_wrong()
    {
        var values = new byte[64];
        values[17] = 101;
        Assert.Equal(17, Assert.Throws<VoiceFormatException>(() => WhatsAppWaveform.Decode(values)).Offset);
        Assert.Equal(0, Assert.Throws<VoiceFormatException>(() => TelegramWaveform.Decode([])).Offset);
        Assert.Equal(
            Waveform.MaxCount, Assert.Throws<VoiceFormatException>(() => TelegramWaveform.Decode(new byte[1_000_000])).Offset);
        Assert.Equal(0, Assert.Throws<VoiceFormatException>(() => DiscordWaveform.Decode("")).Offset);
        Assert.Equal(4, Assert.Throws<VoiceFormatException>(() => DiscordWaveform.Decode("AAAA!AAA")).Offset);
        Assert.Equal(4, Assert.Throws<VoiceFormatException>(() => DiscordWaveform.Decode("AAAAA")).Offset);
        Assert.Equal(0, Assert.Throws<VoiceFormatException>(() => DiscordWaveform.Decode("ÄÖÜ😀AAAA")).Offset);
        Assert.Equal(344, Assert.Throws<VoiceFormatException>(() => DiscordWaveform.Decode(new string('A', 10_000_000))).Offset);
        Assert.Equal(
            256, Assert.Throws<VoiceFormatException>(() => DiscordWaveform.Decode(Convert.ToBase64String(new byte[257]))).Offset);
        Assert.Throws<VoiceFormatException>(() => MatrixWaveform.Decode([], WaveformEncoding.MatrixV1));
        Assert.Throws<VoiceFormatException>(() => MatrixWaveform.Decode(new int[100_000], WaveformEncoding.MatrixV1));
    }

    [Fact]
    public void Any_text_is_a_waveform_or_refused()
    {
        var random = new Random(5);
        for (var i = 0; i < 2000; i++)
        {
            var text = new StringBuilder(Convert.ToBase64String(new byte[random.Next(1, 200)]));
            text[random.Next(text.Length)] = (char)random.Next(random.Next(2) == 0 ? 128 : 65_536);
            try
            {
                Assert.InRange(DiscordWaveform.Decode(text.ToString()).Count, 1, 256);
            }
            catch (VoiceFormatException exception)
            {
                Assert.InRange(exception.Offset, 0, text.Length);
            }
        }
    }
}
