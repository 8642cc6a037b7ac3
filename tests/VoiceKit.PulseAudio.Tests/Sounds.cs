using System.Numerics;
using VoiceKit.Audio;

namespace VoiceKit.PulseAudio.Tests;

/// <summary>Sounds to play, and where they are in what was heard.</summary>
internal static class Sounds
{
    public const int Rate = 48_000;

    /// <summary>A sweep from 100 Hz to 8 kHz under noise: no part of it is like another.</summary>
    public static float[] Sweep(double seconds, int seed = 1)
    {
        var random = new Random(seed);
        var samples = new float[(int)(seconds * Rate)];
        var phase = 0.0;
        for (var i = 0; i < samples.Length; i++)
        {
            phase += 2 * Math.PI * 100 * Math.Pow(80, (double)i / samples.Length) / Rate;
            samples[i] = (float)(0.3 * Math.Sin(phase) + 0.2 * (random.NextDouble() - 0.5));
        }

        return samples;
    }

    /// <summary>Interleaves two channels.</summary>
    public static float[] Stereo(float[] left, float[] right)
    {
        var stereo = new float[2 * left.Length];
        for (var i = 0; i < left.Length; i++)
            (stereo[2 * i], stereo[2 * i + 1]) = (left[i], right[i]);
        return stereo;
    }

    /// <summary>One channel of interleaved samples.</summary>
    public static float[] Channel(float[] samples, int channels, int channel) =>
        [.. samples.Where((_, i) => i % channels == channel)];

    /// <summary>Writes a sound file for programs to play.</summary>
    public static string WriteWav(this VirtualSoundCard card, float[] samples, int channels)
    {
        var path = Path.Combine(card.Folder, $"{Guid.NewGuid():N}.wav");
        using var writer = new WavWriter(File.Create(path), new AudioFormat(Rate, channels), WavSampleFormat.Float32);
        writer.Write(samples);
        writer.Complete();
        return path;
    }

    /// <summary>Where a sound begins in what was heard: the place where its loudest part correlates best.</summary>
    public static int Find(float[] sound, float[] heard, int partLength = 4096)
    {
        var from = LoudestPart(sound, Math.Min(partLength, sound.Length));
        var part = sound.AsSpan(from, Math.Min(partLength, sound.Length));
        var (best, at) = (double.MinValue, -1);
        var energy = heard.Length < part.Length ? 0 : Dot(heard.AsSpan(0, part.Length), heard.AsSpan(0, part.Length));
        for (var i = 0; i + part.Length <= heard.Length; i++)
        {
            var likeness = Dot(part, heard.AsSpan(i, part.Length)) / Math.Sqrt(Math.Max(energy, 1e-3));
            if (likeness > best)
                (best, at) = (likeness, i);
            if (i + part.Length < heard.Length)
                energy += heard[i + part.Length] * heard[i + part.Length] - heard[i] * heard[i];
        }

        Assert.True(at >= from, $"{heard.Length} frames were heard, and its frame {from} at {at}.");
        return at - from;
    }

    private static int LoudestPart(float[] sound, int length)
    {
        var (best, at) = (-1.0, 0);
        for (var i = 0; i + length <= sound.Length; i += length / 4)
        {
            var energy = Dot(sound.AsSpan(i, length), sound.AsSpan(i, length));
            if (energy > best)
                (best, at) = (energy, i);
        }

        return at;
    }

    /// <summary>How alike two sounds of one length are: 1 for the same but for loudness.</summary>
    public static double Correlation(ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        Dot(a, b) / Math.Sqrt(Dot(a, a) * Dot(b, b) + 1e-30);

    /// <summary>
    /// Fails unless a sound was heard whole, sample by sample. Silence may be in it, as when a busy machine lets a short buffer
    /// run dry.
    /// </summary>
    public static void AssertAllHeard(float[] sound, float[] heard)
    {
        var loud = Array.FindAll(heard, sample => sample != 0);
        var expected = Array.FindAll(sound, sample => sample != 0);
        Assert.Equal(expected.Length, loud.Length);
        for (var i = 0; i < loud.Length; i++)
        {
            if (!(Math.Abs(expected[i] - loud[i]) < 1e-4))
                Assert.Fail($"Sample {i}: {expected[i]} was played, {loud[i]} heard.");
        }
    }

    /// <summary>Fails unless a sound was heard as it was, without a gap. Gives where it begins.</summary>
    public static int AssertHeard(float[] sound, float[] heard)
    {
        var at = Find(sound, heard);
        Assert.True(at + sound.Length <= heard.Length, $"It begins at {at}, but only {heard.Length} frames were heard.");
        var part = heard.AsSpan(at, sound.Length);
        var correlation = Correlation(sound, part);
        var loudness = Math.Sqrt(Dot(part, part) / Dot(sound, sound));
        Assert.True(correlation >= 0.95, $"The correlation is {correlation:F4} at {at}.");
        Assert.InRange(loudness, 0.9, 1.1);
        return at;
    }

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = Vector<float>.Zero;
        var width = Vector<float>.Count;
        var i = 0;
        for (; i <= a.Length - width; i += width)
            sum += new Vector<float>(a[i..]) * new Vector<float>(b[i..]);
        double total = Vector.Sum(sum);
        for (; i < a.Length; i++)
            total += a[i] * b[i];
        return total;
    }
}
