using System.Buffers.Binary;
using VoiceKit.Tests.Support;

namespace VoiceKit.Packages.Tests;

/// <summary>
/// An app that has VoiceKit from the packages alone: restored into an empty cache, built, and run on virtual devices.
/// </summary>
[Collection("packages")]
public class ConsumerTests(PackedFixture packed, ConsumerFixture consumer) : IClassFixture<ConsumerFixture>
{
    [Theory]
    [InlineData("built", "libopus 1.5")]
    [InlineData("native", "libopus 1.5")]
    [InlineData("without libopus", "Concentus")]
    public void An_app_records_encodes_reads_draws_and_plays(string kind, string codec)
    {
        if (kind == "native")
            Requires.Program("gcc");
        var run = consumer.Run(packed, kind);
        Assert.StartsWith(codec, run.Codec);
        Assert.StartsWith(".NET 10.0.", run.Framework);
        Assert.StartsWith(codec == "Concentus" ? "libopus was not found" : run.ProgramFolder, run.Library);
        Assert.Equal(40, run.Bars.Length);
        Assert.StartsWith("Ended", run.End);
        Assert.True(PartOf(run.Heard, ConsumerFixture.Spoken) > 0.8, "What is played is not heard.");
        AssertIsMessage(run.In("message.opus"), ConsumerFixture.Spoken, 1.2);
        AssertIsMessage(run.In("imported.opus"), ConsumerFixture.Spoken, 1.2);
        AssertIsMessage(run.In("mine.opus"), ConsumerFixture.Said, 1.5);
        Assert.Equal(Oracle.OpusDec(run.In("message.opus")).Length, Oracle.Ffmpeg(run.In("decoded.wav")).Length);
        var picture = File.ReadAllBytes(run.In("bars.png"));
        Assert.Equal(
            (40 * 5 - 2, 48),
            (BinaryPrimitives.ReadInt32BigEndian(picture.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(picture.AsSpan(20))));
    }

    [Fact]
    public void Compiled_to_native_code_an_app_makes_the_same()
    {
        Requires.Program("gcc");
        var built = consumer.Run(packed, "built");
        var native = consumer.Run(packed, "native");
        Assert.DoesNotContain("Consumer.dll", Directory.GetFiles(native.ProgramFolder).Select(Path.GetFileName));
        Assert.Equal((built.Codec, built.Bars), (native.Codec, native.Bars));
        Assert.Equal(File.ReadAllBytes(built.In("bars.png")), File.ReadAllBytes(native.In("bars.png")));
        Assert.Equal(File.ReadAllBytes(built.In("decoded.wav")), File.ReadAllBytes(native.In("decoded.wav")));
        Assert.Equal(Oracle.OpusDec(built.In("message.opus")), Oracle.OpusDec(native.In("message.opus")));
        Assert.Equal(Oracle.OpusDec(built.In("imported.opus")), Oracle.OpusDec(native.In("imported.opus")));
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

    private static void AssertIsMessage(string path, double tone, double seconds)
    {
        Assert.Empty(Oracle.Warnings(path));
        var samples = Oracle.OpusDec(path);
        Assert.True(samples.Length >= seconds * 48_000, $"{path} has {samples.Length} samples.");
        Assert.True(PartOf(samples, tone) > 0.8, $"{path} is not what was to be heard.");
    }

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
