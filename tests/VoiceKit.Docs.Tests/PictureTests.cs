using VoiceKit.Audio;
using VoiceKit.Waveforms;

namespace VoiceKit.Docs.Tests;

/// <summary>The picture in the README, which the library itself draws.</summary>
public class PictureTests
{
    private static readonly string Path = System.IO.Path.Combine(Repository.Root, "docs", "bars.svg");

    // After a change in how bars are drawn, run once with VOICEKIT_DRAW=1, and look at the picture.
    [Fact]
    public void Bars_in_the_readme_are_what_the_library_draws()
    {
        var svg = Draw();
        if (Environment.GetEnvironmentVariable("VOICEKIT_DRAW") == "1")
            File.WriteAllText(Path, svg);
        Assert.Equal(svg, File.ReadAllText(Path));
        Assert.Contains("](docs/bars.svg)", Repository.Read("README.md"), StringComparison.Ordinal);
    }

    private static string Draw()
    {
        var builder = new WaveformBuilder(new AudioFormat(8000, 1));
        builder.Add(Sentence());
        return builder.Build(96).ToSvg(new WaveformPictureOptions { Height = 64, BarWidth = 4, Gap = 3, Played = 0.4 });
    }

    // Ten seconds of syllables, each as long and as loud as a simple generator of numbers says, with a breath after every
    // seventh.
    private static float[] Sentence()
    {
        var samples = new float[80_000];
        uint seed = 7;
        for (var (at, syllable) = (800, 0); at < samples.Length; syllable++)
        {
            var (length, loudness) = (1000 + Next() % 1200, 0.15 + Next() % 80 / 100.0);
            for (var i = 0; i < length && at + i < samples.Length; i++)
                samples[at + i] = (float)(loudness * Math.Sin(Math.PI * i / length) * Math.Sin(2 * Math.PI * 150 * i / 8000));
            at += (int)length + (syllable % 7 == 6 ? 3200 : 160);
        }

        return samples;

        uint Next()
        {
            seed = seed * 1_664_525 + 1_013_904_223;
            return seed >> 8;
        }
    }
}
