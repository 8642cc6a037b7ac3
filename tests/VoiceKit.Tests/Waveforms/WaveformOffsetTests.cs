using VoiceKit.Audio;
using VoiceKit.LibOpus;
using VoiceKit.Tests.Support;
using VoiceKit.Waveforms;
using static VoiceKit.Tests.Waveforms.Signals;

namespace VoiceKit.Tests.Waveforms;

/// <summary>An offset that all of the audio stands on is nothing that is heard, and bars do not show it.</summary>
public class WaveformOffsetTests
{
    private static readonly AudioFormat Mono16 = new(16_000, 1);

    public static TheoryData<float, int> Offsets => new()
    {
        { 0.05f, 16_000 }, { -0.05f, 16_000 }, { 0.3f, 16_000 }, { 0.001f, 16_000 }, { 0.01f, 8000 }, { 0.05f, 44_100 },
        { 0.02f, 48_000 },
    };

    [Theory]
    [MemberData(nameof(Offsets))]
    public void Bars_are_those_without_the_offset(float offset, int rate)
    {
        foreach (var seconds in new[] { 1.0, 3.0, 25.0, 90.0 })
        {
            var format = new AudioFormat(rate, 1);
            var clean = InTheMiddle((int)(rate * seconds), rate);
            var (expected, actual) = (Draw(clean, 64, format), Draw(Shift(clean, offset), 64, format));
            for (var i = 0; i < 64; i++)
            {
                Assert.InRange(actual.Peaks[i], expected.Peaks[i] - 0.0006f, expected.Peaks[i] + 0.0006f);
                Assert.InRange(actual.Rms[i], expected.Rms[i] - 0.0006f, expected.Rms[i] + 0.0006f);
            }

            Assert.All(WhatsAppWaveform.Encode(actual)[..16], value => Assert.InRange(value, 0, 2));
            Assert.All(TelegramWaveform.Unpack(TelegramWaveform.Encode(actual))[..25], value => Assert.InRange(value, 0, 1));
            Assert.All(Convert.FromBase64String(DiscordWaveform.Encode(actual))[..1], value => Assert.InRange(value, 0, 40));
            Assert.All(actual.ToBars()[..16], height => Assert.InRange(height, 0, 0.05f));
        }
    }

    [Fact]
    public void Silence_on_an_offset_is_silence()
    {
        foreach (var offset in new[] { 0.05f, -0.2f })
        {
            var silence = Enumerable.Repeat(offset, 48_000).ToArray();
            Assert.All(WhatsAppWaveform.Encode(Draw(silence, 64, Mono16)), value => Assert.Equal(0, value));
            Assert.InRange(Draw(silence, 64, Mono16).Peak, 0, 1e-6f);
        }
    }

    [Fact]
    public void Channels_have_offsets_of_their_own()
    {
        var clean = InTheMiddle(48_000, 16_000);
        var stereo = clean.SelectMany(sample => new[] { sample + 0.05f, sample - 0.1f }).ToArray();
        var plain = clean.SelectMany(sample => new[] { sample, sample }).ToArray();
        var format = new AudioFormat(16_000, 2);
        var (expected, actual) = (Draw(plain, 64, format), Draw(stereo, 64, format));
        for (var i = 0; i < 64; i++)
            Assert.InRange(actual.Peaks[i] - expected.Peaks[i], -0.001f, 0.001f);
    }

    [Fact]
    public void Digital_silence_before_the_microphone_is_on_changes_nothing()
    {
        var clean = InTheMiddle(48_000, 16_000);
        float[] late = [.. new float[8000], .. Shift(clean, 0.05f)];
        var bars = WhatsAppWaveform.Encode(Draw(late, 64, Mono16));
        Assert.All(bars[..20], value => Assert.InRange(value, 0, 3));
    }

    // A low voice has a mean in each short stretch; noise has one too, and so has what was cut to half waves.
    [Fact]
    public void What_has_no_offset_is_measured_to_the_bit()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var noise = WanderingNoise(20_000 + 700 * seed, seed + 1);
            Assert.Equal(new NaiveBars(noise, 1).Peak(3, 10), Draw(noise, 10, Mono16).Peaks[3]);
        }

        foreach (var hertz in new[] { 3.0, 20, 61.5, 80, 110, 150 })
        {
            foreach (var seconds in new[] { 0.9, 0.95, 2.95, 3, 30 })
            {
                var tone = Enumerable.Range(0, (int)(16_000 * seconds)).Select(
                    i => 0.3f * (float)Math.Sin(2 * Math.PI * hertz * i / 16_000)).ToArray();
                var waveform = Draw(tone, 1, Mono16);
                Assert.InRange(waveform.Peak, 0.2999f, 0.3001f);
            }
        }
    }

    [Fact]
    public void A_level_that_changes_is_no_offset()
    {
        var steps = Enumerable.Range(0, 48_000).Select(i => 0.1f * (1 + i / 4800)).ToArray();
        Assert.Equal(1f, Draw(steps, 10, Mono16).Peak, 1e-6f);
        float[] half = [.. new float[40_000], .. Enumerable.Repeat(0.5f, 8000)];
        Assert.Equal(0.5f, Draw(half, 10, Mono16).Peak);
    }

    [Fact]
    public void Pieces_and_building_in_between_make_no_difference()
    {
        var pcm = Shift(InTheMiddle(300_001, 16_000), 0.05f);
        var builder = new WaveformBuilder(Mono16);
        var random = new Random(5);
        for (var at = 0; at < pcm.Length;)
        {
            var piece = Math.Min(random.Next(1, 9000), pcm.Length - at);
            builder.Add(pcm.AsSpan(at, piece));
            at += piece;
            AssertSame(Draw(pcm.AsSpan(0, at), 64, Mono16), builder.Build(64));
        }
    }

    [Fact]
    public void An_offset_in_Opus_is_taken_off_on_one_core_and_on_several()
    {
        var format = new AudioFormat(48_000, 1);
        var options =
            new VoiceEncodingOptions { Encoder = new() { Application = VoiceKit.Opus.OpusApplication.Audio, Bitrate = 64_000 } };
        var file = Pcm.Encode(Shift(InTheMiddle(48_000 * 70, 48_000), 0.05f), format, options);
        var one = Waveform.FromOpus(new MemoryStream(file), 64, LibOpusCodec.Default);
        var several = Waveform.FromOpus(new MemoryStream(file), 64, LibOpusCodec.Default, 2);
        for (var i = 0; i < 64; i++)
            Assert.InRange(one.Peaks[i] - several.Peaks[i], -0.002f, 0.002f);
        Assert.All(one.ToBars()[2..15], height => Assert.InRange(height, 0, 0.1f));
    }

    private static float[] InTheMiddle(int frames, int rate)
    {
        var pcm = new float[frames];
        Support.Signals.Voice(frames / 3, rate).CopyTo(pcm, frames / 3);
        return pcm;
    }

    private static float[] Shift(float[] pcm, float offset) => Array.ConvertAll(pcm, sample => sample + offset);
}
