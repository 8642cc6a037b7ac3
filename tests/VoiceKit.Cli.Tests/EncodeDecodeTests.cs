using System.Buffers.Binary;

namespace VoiceKit.Cli.Tests;

public class EncodeDecodeTests
{
    [Fact]
    public void Recording_becomes_a_message_and_a_recording_again()
    {
        using var cli = new Cli();
        var speech = cli.Speech();
        cli.Do("encode", speech, "m.opus", "--tag", "TITLE=On my way", "--tag", "ARTIST=a=b", "--tag", "ARTIST=c");
        cli.Do("decode", "m.opus", "d.wav");

        var info = cli.Json("info", "m.opus", "--json");
        Assert.DoesNotContain("WARNING", cli.Tool("opusinfo", "m.opus").Text);
        Assert.Equal(cli.Tool("soxi", "-s", "d.wav").Text.Trim(), info.GetProperty("samples").ToString());
        Assert.Equal("48000", cli.Tool("soxi", "-r", "d.wav").Text.Trim());
        var expected = Math.Round(long.Parse(cli.Tool("soxi", "-s", speech).Text) * 48_000.0 / 22_050);
        Assert.Equal(expected, info.GetProperty("samples").GetInt64());
        Assert.Equal("On my way", info.GetProperty("tags").GetProperty("TITLE")[0].GetString());
        Assert.Equal(
            ["a=b", "c"], info.GetProperty("tags").GetProperty("ARTIST").EnumerateArray().Select(tag => tag.GetString()));
        Assert.Equal(["d.wav", "m.opus", "speech.wav"], cli.Files);
    }

    [Fact]
    public void Options_reach_the_message()
    {
        using var cli = new Cli();
        cli.Tool("sox", "-n", "-r", "48000", "-c", "2", "in.wav", "synth", "3", "pinknoise", "vol", "0.3");
        cli.Do(
            "encode",
            "in.wav",
            "m.opus",
            "--bitrate",
            "64000",
            "--channels",
            "2",
            "--frame",
            "60",
            "--complexity",
            "3",
            "--application",
            "audio");
        var info = cli.Json("info", "m.opus", "--json");
        Assert.Equal(2, info.GetProperty("channels").GetInt32());
        Assert.Equal(60, info.GetProperty("packet_ms").GetDouble());
        Assert.Equal("fullband", info.GetProperty("bandwidth").GetString());
        Assert.InRange(info.GetProperty("bitrate").GetDouble(), 50_000, 80_000);
        Assert.Equal(144_000, info.GetProperty("samples").GetInt64());
        Assert.Equal(48_000, info.GetProperty("input_sample_rate").GetInt32());

        cli.Do("encode", "in.wav", "short.opus", "--frame", "2.5");
        Assert.Equal(2.5, cli.Json("info", "short.opus", "--json").GetProperty("packet_ms").GetDouble());
        Assert.Equal(1, cli.Json("info", "short.opus", "--json").GetProperty("channels").GetInt32());
    }

    [Theory]
    [InlineData(8000)]
    [InlineData(16_000)]
    [InlineData(44_100)]
    [InlineData(96_000)]
    public void Decoding_gives_any_rate(int rate)
    {
        using var cli = new Cli();
        cli.Do("encode", cli.Speech(), "m.opus");
        cli.Do("decode", "m.opus", "d.wav", "--rate", $"{rate}");
        var samples = cli.Json("info", "m.opus", "--json").GetProperty("samples").GetInt64();
        Assert.Equal($"{rate}", cli.Tool("soxi", "-r", "d.wav").Text.Trim());
        var expected = samples * (double)rate / 48_000;
        Assert.InRange(long.Parse(cli.Tool("soxi", "-s", "d.wav").Text) - expected, -1, 1);
    }

    [Fact]
    public void Pipes_give_the_same_bytes_as_files()
    {
        using var cli = new Cli();
        var speech = cli.Speech();
        cli.Do("encode", speech, "m.opus", "--serial", "5");
        var piped = cli.RunWith(File.ReadAllBytes(cli[speech]), "encode", "-", "-", "--serial", "5");
        Assert.Equal(File.ReadAllBytes(cli["m.opus"]), piped.Output);

        cli.Do("decode", "m.opus", "d.wav");
        var decoded = cli.RunWith(piped.Output, "decode", "-", "-").Output;
        var file = File.ReadAllBytes(cli["d.wav"]);
        Assert.Equal(Data(file), Data(decoded));
        Assert.Equal(file, cli.Do("decode", "m.opus", "-").Output);
    }

    [Fact]
    public void Decoded_file_has_the_plain_header_that_everything_reads()
    {
        using var cli = new Cli();
        cli.Do("encode", cli.Speech(), "m.opus");
        cli.Do("decode", "m.opus", "d.wav");
        var wav = File.ReadAllBytes(cli["d.wav"]);
        Assert.Equal("data"u8.ToArray(), wav[36..40]);
        Assert.Equal((uint)wav.Length - 44, BinaryPrimitives.ReadUInt32LittleEndian(wav.AsSpan(40)));
        Assert.Equal((uint)wav.Length - 8, BinaryPrimitives.ReadUInt32LittleEndian(wav.AsSpan(4)));
    }

    [Fact]
    public void Empty_recording_becomes_an_empty_message()
    {
        using var cli = new Cli();
        cli.Tool("sox", "-n", "-r", "16000", "empty.wav", "trim", "0", "0");
        cli.Do("encode", "empty.wav", "m.opus");
        Assert.Equal(0, cli.Json("info", "m.opus", "--json").GetProperty("samples").GetInt64());
        var decoded = cli.Run("decode", "m.opus", "d.wav");
        Assert.Equal(1, decoded.ExitCode);
        Assert.Contains("no audio", decoded.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(cli["d.wav"]));
        Assert.Equal(0, cli.Json("waveform", "m.opus", "--format", "json").GetProperty("peak").GetDouble());
    }

    [Fact]
    public void A_file_that_exists_is_replaced_when_that_is_said()
    {
        using var cli = new Cli();
        cli.Tool("sox", "-n", "-r", "16000", "a.wav", "synth", "0.5", "sine", "440");
        File.WriteAllText(cli["m.opus"], "mine");
        var refused = cli.Run("encode", "a.wav", "m.opus");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("m.opus exists; --force replaces it", refused.Error, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(cli["m.opus"]));
        cli.Do("encode", "a.wav", "m.opus", "--force");
        Assert.Equal(24_000, cli.Json("info", "m.opus", "--json").GetProperty("samples").GetInt64());
    }

    [Fact]
    public void Devices_are_written_and_not_replaced()
    {
        using var cli = new Cli();
        cli.Do("encode", cli.Speech(), "m.opus");
        cli.Do("decode", "m.opus", "/dev/null");
        Assert.Equal(0, new FileInfo("/dev/null").Length);
        Assert.Equal("character special file", cli.Tool("stat", "-c", "%F", "/dev/null").Text.Trim());
    }

    private static byte[] Data(byte[] wav) => wav[(wav.AsSpan().IndexOf("data"u8) + 8)..];
}
