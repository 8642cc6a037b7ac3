using VoiceKit.Audio;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Containers;

/// <summary>Long sounds at 48 kHz, mono.</summary>
internal static class Sounds
{
    private const int Rate = 48_000;
    private const string Text =
        "Hi! I'm on my way, but the train is late. Start without me, please. Six sharp shells lie on the sunny "
        + "shore. When the sunlight strikes raindrops in the air, they act as a prism and form a rainbow. See you at the station!";

    private static readonly Lazy<float[]> SpeechOnce = new(MakeSpeech);
    private static readonly Lazy<float[]> MusicOnce = new(MakeMusic);

    /// <summary>Two minutes of speech in four voices.</summary>
    public static float[] Speech => SpeechOnce.Value;

    /// <summary>Two minutes of plucked chords over a beat of noise.</summary>
    public static float[] Music => MusicOnce.Value;

    private static float[] MakeSpeech()
    {
        using var folder = new TemporaryFolder();
        string[] voices = ["en-us", "en-gb", "de", "fr"];
        foreach (var voice in voices)
            Oracle.Run("espeak-ng", "-v", voice, "-w", folder[$"{voice}.wav"], Text);
        var all = folder["all.wav"];
        Oracle.Run(
            "sox",
            ["-D", .. voices.Select(
                voice => folder[$"{voice}.wav"]), "-r", "48000", "-b", "16", all, "gain", "-3", "repeat", "5"]);
        using var reader = new WavReader(File.OpenRead(all));
        return Pcm.ReadAll(reader)[..(120 * Rate)];
    }

    private static float[] MakeMusic()
    {
        var random = new Random(6);
        var pcm = new float[120 * Rate];
        for (var at = 0; at + Rate < pcm.Length; at += Rate / 5)
        {
            AddNote(pcm.AsSpan(at, Rate), 110 * Math.Pow(2, random.Next(36) / 12.0));
            AddBeat(pcm.AsSpan(at, Rate / 10), random);
        }

        return pcm;
    }

    private static void AddNote(Span<float> pcm, double frequency)
    {
        for (var harmonic = 1; harmonic <= 6; harmonic++)
        {
            for (var i = 0; i < pcm.Length; i++)
            {
                var time = (double)i / Rate;
                var loudness = 0.12 / harmonic * Math.Min(1, time * 200) * Math.Exp(-time * (3 + harmonic)) * (1 - time);
                pcm[i] += (float)(loudness * Math.Sin(2 * Math.PI * frequency * harmonic * time));
            }
        }
    }

    private static void AddBeat(Span<float> pcm, Random random)
    {
        for (var i = 0; i < pcm.Length; i++)
            pcm[i] += (float)(0.05 * (random.NextDouble() - 0.5) * Math.Exp(-30.0 * i / Rate));
    }
}
