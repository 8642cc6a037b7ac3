using System.Runtime.InteropServices;
using VoiceKit.Audio;
using VoiceKit.Tests.Support;
using VoiceKit.Waveforms;

namespace VoiceKit.Tests.Waveforms;

/// <summary>Audio to draw, and programs that make or measure some.</summary>
internal static class Signals
{
    public static readonly AudioFormat Mono48 = new(48_000, 1);

    /// <summary>Noise whose level wanders over 60 dB, so that neighbouring bars differ.</summary>
    public static float[] WanderingNoise(int samples, int seed)
    {
        var random = new Random(seed);
        var pcm = new float[samples];
        var (level, left) = (0d, 0);
        for (var i = 0; i < samples; i++, left--)
        {
            if (left == 0)
                (level, left) = (Math.Pow(10, -3 * random.NextDouble()), random.Next(1, 3000));
            pcm[i] = (float)(level * (2 * random.NextDouble() - 1));
        }

        return pcm;
    }

    public static float[] Scale(float[] pcm, double decibels)
    {
        var gain = Math.Pow(10, decibels / 20);
        return Array.ConvertAll(pcm, sample => (float)(sample * gain));
    }

    public static Waveform Draw(ReadOnlySpan<float> pcm, int bars, AudioFormat format)
    {
        var builder = new WaveformBuilder(format);
        builder.Add(pcm);
        return builder.Build(bars);
    }

    public static void AddInPieces(WaveformBuilder builder, ReadOnlySpan<float> pcm, int maxFrames, int seed)
    {
        var random = new Random(seed);
        var channels = builder.Format.Channels;
        while (!pcm.IsEmpty)
        {
            var piece = Math.Min(pcm.Length, random.Next(0, maxFrames + 1) * channels);
            builder.Add(pcm[..piece]);
            pcm = pcm[piece..];
        }
    }

    public static void AssertSame(Waveform expected, Waveform actual)
    {
        Assert.Equal(expected.Duration, actual.Duration);
        Assert.Equal(expected.Peak, actual.Peak);
        Assert.True(Bits(expected.Peaks).SequenceEqual(Bits(actual.Peaks)), "The peaks differ.");
        Assert.True(Bits(expected.Rms).SequenceEqual(Bits(actual.Rms)), "The RMS values differ.");
    }

    /// <summary>Some 10 s of mono speech at 22,050 Hz as a 16-bit WAV file.</summary>
    public static void Speak(string wavPath) => Oracle.Run("espeak-ng", "-v", "en", "-w", wavPath,
        "Hi, it's me. I am running a little late, the train stopped for ten minutes outside the station. " +
        "Please start without me, and save me a seat! See you soon.");

    public static float[] DecodeWav(string wavPath)
    {
        var bytes = Oracle.RunPiped("ffmpeg", null, "-v", "error", "-i", wavPath, "-f", "f32le", "-").Output;
        return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
    }

    private static ReadOnlySpan<int> Bits(ReadOnlySpan<float> levels) => MemoryMarshal.Cast<float, int>(levels);
}
