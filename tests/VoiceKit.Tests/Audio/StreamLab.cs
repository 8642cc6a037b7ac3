using VoiceKit.Audio;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Audio;

/// <summary>Drives what has a Process and a Flush, and measures what comes out.</summary>
internal static class StreamLab
{
    public delegate void Process(ReadOnlySpan<float> input, Span<float> output, out int consumed, out int produced);

    public delegate int Flush(Span<float> output);

    /// <summary>The whole stream through pieces and buffers of random sizes, the empty ones among them.</summary>
    public static float[] Run(Process process, Flush flush, float[] input, int channels, int seed)
    {
        var random = new Random(seed);
        var all = new List<float>();
        var buffer = new float[3_000 * channels];
        for (var from = 0; from < input.Length;)
        {
            var frames = Math.Min(random.Next(0, 1_500), (input.Length - from) / channels);
            var output = buffer.AsSpan(0, random.Next(0, buffer.Length));
            process(input.AsSpan(from, frames * channels), output, out var consumed, out var produced);
            all.AddRange(output[..produced]);
            from += consumed;
        }

        int flushed;
        do
        {
            var output = buffer.AsSpan(0, random.Next(channels, buffer.Length));
            flushed = flush(output);
            all.AddRange(output[..flushed]);
        }
        while (flushed > 0);
        return [.. all];
    }

    /// <summary>A stream at one speed in one go.</summary>
    public static float[] Stretch(float[] input, double speed, int rate = 48_000, int channels = 1)
    {
        var stretcher = new TimeStretcher(new AudioFormat(rate, channels)) { Speed = speed };
        var output = new float[input.Length * 3 + 100 * channels];
        stretcher.Process(input, output, out var consumed, out var produced);
        Assert.Equal(input.Length, consumed);
        for (int flushed; (flushed = stretcher.Flush(output.AsSpan(produced))) > 0;)
            produced += flushed;
        return output[..produced];
    }

    /// <summary>A stream through an automatic gain in one go, brought back into its place.</summary>
    public static float[] Gain(float[] input, AudioFormat format, AutomaticGainOptions? options = null) =>
        InPlace(new AutomaticGain(format, options), input, format.Channels);

    /// <summary>A stream through a processor, in pieces of random sizes or in one go, brought back into its place.</summary>
    public static float[] InPlace(IAudioProcessor processor, float[] input, int channels, Random? random = null)
    {
        float[] samples = [.. input, .. new float[processor.LatencyFrames * channels]];
        for (var at = 0; at < samples.Length;)
        {
            var count = Math.Min((random?.Next(0, 1_500) ?? samples.Length) * channels, samples.Length - at);
            processor.Process(samples.AsSpan(at, count));
            at += count;
        }

        return samples[^input.Length..];
    }

    /// <summary>Some seconds of mono speech at a rate.</summary>
    public static float[] Speak(int rate)
    {
        using var folder = new TemporaryFolder();
        Oracle.Run(
            "espeak-ng", "-v", "en", "-w", folder["speech.wav"],
            "Hi, it's me. I am running a little late, the train stopped for ten minutes outside the station. "
            + "Please start without me, and save me a seat! See you soon.");
        Oracle.Run("sox", folder["speech.wav"], "-t", "f32", folder["speech.f32"], "gain", "-6", "rate", $"{rate}");
        return Oracle.Floats(File.ReadAllBytes(folder["speech.f32"]));
    }

    /// <summary>The RMS of the samples from one time to another; what lies outside counts as nothing.</summary>
    public static double Rms(float[] samples, double from, double to)
    {
        var first = (int)Math.Clamp(from, 0, samples.Length);
        var end = (int)Math.Clamp(to, first, samples.Length);
        return end == first ? 0 : ResamplerLab.Rms(samples.AsSpan(first, end - first));
    }

    public static bool Same(float[] left, float[] right) =>
        left.Select(BitConverter.SingleToInt32Bits).SequenceEqual(right.Select(BitConverter.SingleToInt32Bits));
}
