using System.Buffers.Binary;
using VoiceKit.PulseAudio.Tests;
using VoiceKit.Tests.Support;

namespace VoiceKit.Packages.Tests;

/// <summary>
/// An app that has VoiceKit from the packages alone: restored into an empty cache, built, and run on virtual devices.
/// </summary>
[Collection("packages")]
public class ConsumerTests(PackedFixture packed, ConsumerFixture consumer) : IClassFixture<ConsumerFixture>
{
    private const double Spoken = 880;
    private const double Said = 1250;

    [Theory]
    [InlineData("built", "libopus 1.5")]
    [InlineData("trimmed", "libopus 1.5")]
    [InlineData("without libopus", "Concentus")]
    public void An_app_records_encodes_reads_draws_and_plays(string kind, string codec)
    {
        var (program, arguments) = consumer.Program(packed, kind);
        using var card = new VirtualSoundCard();
        string In(string name) => Path.Combine(card.Folder, name);
        MakeTone(Spoken, 1.2, In("spoken.wav"));
        MakeTone(Spoken, 1.2, In("spoken.flac"));
        MakeTone(Said, 60, In("said.wav"));

        using var feeding = card.Start("paplay", "--latency-msec=1000", "-d", "micfeed", In("said.wav"));
        using var speakers = card.RecordSpeakers(channels: 1);
        var output = card.Run(
            "sh",
            [
                "-c",
                "cd \"$0\" && exec \"$@\"",
                card.Folder,
                "env",
                $"WITHOUT_LIBOPUS={(codec == "Concentus" ? 1 : 0)}",
                program,
                .. arguments,
            ]).Split('\n');
        var heard = speakers.Stop();
        feeding.Kill();

        Assert.StartsWith(codec, output[0]);
        Assert.StartsWith(".NET 10.0.", output[1]);
        Assert.StartsWith(
            codec == "Concentus"
                ? "libopus was not found"
                : Path.GetDirectoryName(arguments.FirstOrDefault() ?? program)!, output[2]);
        Assert.Equal(40, output[3].Length);
        Assert.StartsWith("Ended", output[4]);
        Assert.True(PartOf(heard, Spoken) > 0.8, "What is played is not heard.");
        foreach (var (name, tone, seconds) in new[] { ("message", Spoken, 1.2), ("imported", Spoken, 1.2), ("mine", Said, 1.5) })
        {
            Assert.Empty(Oracle.Warnings(In(name + ".opus")));
            var samples = Oracle.OpusDec(In(name + ".opus"));
            Assert.True(samples.Length >= seconds * 48_000, $"{name} has {samples.Length} samples.");
            Assert.True(PartOf(samples, tone) > 0.8, $"{name} is not what was to be heard.");
        }

        Assert.Equal(Oracle.OpusDec(In("message.opus")).Length, Oracle.Ffmpeg(In("decoded.wav")).Length);
        var picture = File.ReadAllBytes(In("bars.png"));
        Assert.Equal(
            (40 * 5 - 2, 48),
            (BinaryPrimitives.ReadInt32BigEndian(picture.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(picture.AsSpan(20))));
    }

    [Theory]
    [InlineData("VoiceKit")]
    [InlineData("VoiceKit.LibOpus")]
    [InlineData("VoiceKit.PulseAudio")]
    [InlineData("VoiceKit.FFmpeg")]
    public void The_example_in_a_package_s_readme_is_the_code_of_the_app(string id)
    {
        var readme = File.ReadAllText(Path.Combine(PackedFixture.Root, "src", id, "README.md"));
        var example = readme.Split("```csharp\n")[1].Split("```")[0];
        var code = File.ReadAllText(
            Path.Combine(ConsumerFixture.Source, "Program.cs")).Split($"// <{id}>\n")[1].Split($"// </{id}>")[0];
        Assert.Equal(Lines(code), Lines(example).SkipWhile(line => line.StartsWith("using ", StringComparison.Ordinal)));
    }

    private static string[] Lines(string text) =>
        [.. text.Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).Where(
            line => line.Length > 0)];

    private static void MakeTone(double frequency, double seconds, string path) => Oracle.Run(
        "sox", "-n", "-r", "48000", "-c", "1", "-b", "16", path, "synth", $"{seconds}", "sine", $"{frequency}", "vol", "0.4");

    // How much of the energy where there is sound is that of one frequency.
    private static double PartOf(float[] samples, double frequency)
    {
        var sound = Array.FindAll(samples, sample => Math.Abs(sample) > 1e-4);
        const int Length = 4800;
        double all = 0, part = 0;
        foreach (var block in sound.Chunk(Length).Where(block => block.Length == Length))
        {
            double real = 0, imaginary = 0;
            for (var i = 0; i < Length; i++)
            {
                var angle = 2 * Math.PI * frequency * i / 48_000;
                real += block[i] * Math.Cos(angle);
                imaginary += block[i] * Math.Sin(angle);
                all += block[i] * block[i];
            }

            part += 2 * (real * real + imaginary * imaginary) / Length;
        }

        Assert.NotEqual(0, all);
        return part / all;
    }
}
