using VoiceKit.Audio;
using VoiceKit.Decoding.Tests.Support;
using VoiceKit.Opus;
using VoiceKit.Waveforms;

namespace VoiceKit.Decoding.Tests;

/// <summary>What is decoded for levels alone is as loud as the whole audio.</summary>
public class LevelAccuracyTests
{
    private const int Rate = OpusRates.Full;
    private const int FrameSize = Rate / 50;
    private const int Voip = 2048;
    private const int Audio = 2049;
    private const int LowDelay = 2051;
    private const int Narrowband = 1101;
    private const double Audible = 1e-6; // -60 dBFS

    public static TheoryData<string, int, int> Cases
    {
        get
        {
            var data = new TheoryData<string, int, int>();
            foreach (var bitrate in new[] { 6000, 12_000, 16_000, 24_000, 48_000, 96_000 })
            {
                data.Add("speech", bitrate, Voip);
                data.Add("music", bitrate, Audio);
                data.Add("noise", bitrate, Audio);
                data.Add("noise", bitrate, Voip);
            }

            data.Add("speech", 32_000, LowDelay);
            data.Add("telephone", 8000, Voip);
            data.Add("telephone", 16_000, Voip);
            data.Add("pauses", 12_000, Voip);
            data.Add("pauses", 24_000, Voip);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Frames_and_bars_are_as_loud_as_decoded_at_48_kilohertz(string kind, int bitrate, int application)
    {
        var errors = new List<double>();
        var expectedBars = new WaveformBuilder(new AudioFormat(Rate, 1));
        var actualBars = new WaveformBuilder(new AudioFormat(LevelOpusCodec.Rate, 1));
        using var reference = new Reference(Rate, 1);
        using var decoder = LevelOpusCodec.Default.CreateDecoder(LevelOpusCodec.Rate, 1);
        var expected = new float[FrameSize];
        var actual = new float[FrameSize / 3];
        foreach (var packet in Encode(kind, bitrate, application))
        {
            reference.Decode(packet, expected.AsSpan());
            decoder.Decode(packet, actual);
            expectedBars.Add(expected);
            actualBars.Add(actual);
            var power = Power(expected);
            if (power > Audible)
                errors.Add(Math.Abs(10 * Math.Log10(Power(actual) / power)));
        }

        errors.Sort();
        Assert.InRange(errors.Count, 100, int.MaxValue);
        Assert.InRange(errors[errors.Count / 2], 0, 0.5);
        Assert.InRange(errors[errors.Count * 95 / 100], 0, 2);
        var (expectedWaveform, actualWaveform) = (expectedBars.Build(64), actualBars.Build(64));
        for (var i = 0; i < expectedWaveform.Count; i++)
            Assert.InRange(actualWaveform.Rms[i] - expectedWaveform.Rms[i], -0.03f, 0.03f);

        // White noise has most of its energy above 8 kHz, where the level is known to some 0.2 dB, which is more than a step.
        if (kind != "noise")
            AssertAlikeAsIntegers(expectedWaveform, actualWaveform);
    }

    private static void AssertAlikeAsIntegers(Waveform expected, Waveform actual)
    {
        var (whatsApp, drawn) = (WhatsAppWaveform.Encode(expected), WhatsAppWaveform.Encode(actual));
        var alike = Enumerable.Range(0, whatsApp.Length).Count(i => Math.Abs(whatsApp[i] - drawn[i]) <= 1);
        Assert.InRange(alike, 0.95 * whatsApp.Length, whatsApp.Length);
    }

    private static List<byte[]> Encode(string kind, int bitrate, int application)
    {
        using var encoder = new ReferenceEncoder(1, application);
        encoder.Set(EncoderRequest.Bitrate, bitrate);
        if (kind == "telephone")
            encoder.Set(EncoderRequest.MaxBandwidth, Narrowband);
        if (kind == "pauses")
            encoder.Set(EncoderRequest.Dtx, 1);
        var sound = Sound(kind);
        var packets = new List<byte[]>();
        var packet = new byte[OpusPacket.MaxEncodedSize];
        for (var at = 0; at + FrameSize <= sound.Length; at += FrameSize)
            packets.Add(packet[..encoder.Encode(sound.AsSpan(at, FrameSize), packet)]);
        return packets;
    }

    private static float[] Sound(string kind)
    {
        var random = new Random(kind.Length);
        switch (kind)
        {
            case "music":
                return Make(i => 0.1f * MathF.Exp(-(i % (Rate / 3)) * 6f / Rate)
                    * (Tone(i, 220) + Tone(i, 277.2f) + Tone(i, 329.6f) + Tone(i, 1318.5f) + (float)random.NextDouble() - 0.5f));
            case "noise":
                return Make(i => 0.3f * MathF.Pow(10, -(i / (Rate / 4) * 7 % 5) / 4f) * ((float)random.NextDouble() - 0.5f));
            case "pauses":
                var speech = (float[])Speech.Samples.Clone();
                for (var i = 0; i < speech.Length; i++)
                    speech[i] = i / Rate % 3 == 2 ? 0.0005f * (float)random.NextDouble() : speech[i];
                return speech;
            default:
                return Speech.Samples;
        }
    }

    private static float Tone(int i, float frequency) => MathF.Sin(2 * MathF.PI * frequency * i / Rate);

    private static float[] Make(Func<int, float> sample) => [.. Enumerable.Range(0, 8 * Rate).Select(sample)];

    private static double Power(ReadOnlySpan<float> samples)
    {
        var sum = 1e-15;
        foreach (var sample in samples)
            sum += (double)sample * sample;
        return sum / samples.Length;
    }
}
