using VoiceKit.Audio;
using VoiceKit.Tests.Support;
using VoiceKit.Waveforms;

namespace VoiceKit.Tests.Waveforms;

/// <summary>What is nearly silent has nearly empty bars, and what is broken hides nothing else.</summary>
public class WaveformFloorTests
{
    private static readonly AudioFormat Mono16 = new(16_000, 1);

    [Fact]
    public void A_silent_room_has_nearly_empty_bars_on_every_platform()
    {
        var room = Draw(Noise(48_000, 0.001f));
        Assert.All(TelegramWaveform.Unpack(TelegramWaveform.Encode(room)), value => Assert.InRange(value, 0, 2));
        Assert.All(WhatsAppWaveform.Encode(room), value => Assert.InRange(value, 0, 6));
        Assert.All(MatrixWaveform.Encode(room, MatrixWaveformVersion.Draft), value => Assert.InRange(value, 0, 16));
        Assert.All(MatrixWaveform.Encode(room, MatrixWaveformVersion.V1), value => Assert.InRange(value, 0, 64));
        Assert.All(Convert.FromBase64String(DiscordWaveform.Encode(room)), value => Assert.InRange(value, 0, 16));
        Assert.All(room.ToBars(), height => Assert.InRange(height, 0, 0.125f));
    }

    [Theory]
    [InlineData(0.05f)]
    [InlineData(-0.2f)]
    public void An_offset_is_no_sound(float offset)
    {
        var speech = Support.Signals.Voice(16_000, 16_000);
        var pcm = new float[48_000];
        speech.CopyTo(pcm, 16_000);
        var plain = Draw(pcm);
        var shifted = Draw(Array.ConvertAll(pcm, sample => sample + offset));
        var (bars, expected) = (shifted.ToBars(), plain.ToBars());
        for (var i = 0; i < bars.Length; i++)
            Assert.InRange(bars[i] - expected[i], -0.06f, 0.06f);
        Assert.All(WhatsAppWaveform.Encode(shifted)[..20], value => Assert.Equal(0, value));
        Assert.All(TelegramWaveform.Unpack(TelegramWaveform.Encode(shifted))[..31], value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(float.NaN)]
    [InlineData(1e30f)]
    public void One_sample_that_is_none_leaves_the_other_bars_as_they_are(float wild)
    {
        var pcm = Support.Signals.Voice(48_000, 16_000);
        var before = WhatsAppWaveform.Encode(Draw(pcm));
        pcm[24_100] = wild;
        var after = WhatsAppWaveform.Encode(Draw(pcm));
        for (var i = 0; i < before.Length; i++)
        {
            if (i != 24_100 * 64 / 48_000)
                Assert.Equal(before[i], after[i]);
        }
    }

    private static Waveform Draw(float[] pcm)
    {
        var builder = new WaveformBuilder(Mono16);
        builder.Add(pcm);
        return builder.Build(64);
    }

    private static float[] Noise(int count, float peak)
    {
        var random = new Random(2);
        return [.. Enumerable.Range(0, count).Select(_ => peak * (float)(2 * random.NextDouble() - 1))];
    }
}
