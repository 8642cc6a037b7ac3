using VoiceKit.Audio;
using VoiceKit.Opus;

namespace VoiceKit.Cli.Tests;

/// <summary><c>--codec</c> chooses what decodes.</summary>
public class CodecTests
{
    // The decoders of libopus and of the library differ by rounding. Concentus computes in 16-bit integers.
    [Theory]
    [InlineData("managed", 80)]
    [InlineData("concentus", 30)]
    public void Decoders_agree(string codec, double minRatio)
    {
        using var cli = new Cli();
        cli.Do("encode", cli.Speech(), "m.opus");
        cli.Do("decode", "m.opus", "libopus.wav", "--float", "--codec", "libopus", "--jobs", "1");
        cli.Do("decode", "m.opus", "other.wav", "--float", "--codec", codec, "--jobs", "1");
        var expected = Read(cli["libopus.wav"]);
        var actual = Read(cli["other.wav"]);
        Assert.Equal(expected.Length, actual.Length);
        Assert.NotEmpty(actual);
        var (signal, error) = (0.0, 0.0);
        for (var i = 0; i < actual.Length; i++)
        {
            signal += expected[i] * expected[i];
            error += Math.Pow(expected[i] - actual[i], 2);
        }

        Assert.InRange(10 * Math.Log10(signal / error), minRatio, 200);
    }

    [Fact]
    public void Without_a_name_no_native_code_decodes()
    {
        using var cli = new Cli();
        cli.Do("encode", cli.Speech(), "m.opus");
        cli.Do("decode", "m.opus", "managed.wav", "--codec", "managed");
        cli.Do("decode", "m.opus", "default.wav");
        Assert.Equal(File.ReadAllBytes(cli["managed.wav"]), File.ReadAllBytes(cli["default.wav"]));

        // The dynamic loader tells on stderr what it loads.
        Assert.DoesNotContain("libopus", Loaded(cli, "decode", "m.opus", "a.wav"), StringComparison.Ordinal);
        Assert.DoesNotContain("libopus", Loaded(cli, "waveform", "m.opus"), StringComparison.Ordinal);
        Assert.Contains("libopus", Loaded(cli, "decode", "m.opus", "b.wav", "--codec", "libopus"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("managed")]
    [InlineData("libopus")]
    [InlineData("concentus")]
    public void Bars_are_those_of_the_recording_with_any_decoder(string codec)
    {
        using var cli = new Cli();
        var speech = cli.Speech();
        cli.Do("encode", speech, "m.opus");
        var expected = Bars(cli, speech);
        var actual = Bars(cli, "m.opus", "--codec", codec);
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second - pair.First, -0.15, 0.15));
    }

    [Fact]
    public void The_decoder_is_named()
    {
        using var cli = new Cli();
        cli.Do("encode", cli.Speech(), "m.opus");
        Assert.Equal(ManagedOpusCodec.Default.Name, cli.Json("info", "m.opus", "--json").GetProperty("decoder").GetString());
        Assert.Matches(@"^VoiceKit \d+\.\d+\.\d+$", ManagedOpusCodec.Default.Name);
    }

    [Theory]
    [InlineData("decode", "m.opus", "d.wav")]
    [InlineData("waveform", "m.opus")]
    [InlineData("play", "m.opus")]
    public void A_codec_that_there_is_not_is_wrong_usage(params string[] arguments)
    {
        using var cli = new Cli();
        var result = cli.Run([.. arguments, "--codec", "mp3"]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("mp3", result.Error, StringComparison.Ordinal);
    }

    private static double[] Bars(Cli cli, params string[] arguments) =>
    [
        .. cli.Json(["waveform", .. arguments, "--format", "json", "--bars", "50"]).GetProperty("bars").EnumerateArray()
            .Select(bar => bar.GetDouble()),
    ];

    private static string Loaded(Cli cli, params string[] arguments) =>
        cli.Tool("env", ["LD_DEBUG=files", Cli.Program, .. Cli.Arguments, .. arguments]).Error;

    private static float[] Read(string path)
    {
        using var reader = AudioFiles.Open(File.OpenRead(path));
        var samples = new List<float>();
        var buffer = new float[4096];
        while (reader.Read(buffer) is var count and > 0)
            samples.AddRange(buffer.AsSpan(0, count));
        return [.. samples];
    }
}
