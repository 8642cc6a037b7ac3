using System.Text.Json;

namespace VoiceKit.Cli.Tests;

/// <summary>The commands that work on messages without encoding them.</summary>
public class EditingTests
{
    [Theory]
    [InlineData("webm")]
    [InlineData("caf")]
    [InlineData("opus")]
    public void Remux_there_and_back_keeps_the_audio(string container)
    {
        using var cli = new Cli();
        var samples = Encode(cli);
        cli.Do("remux", "a.opus", $"b.{container}");
        cli.Do("remux", $"b.{container}", "c.opus");
        Assert.Equal(
            container == "opus"
                ? "ogg"
                : container, cli.Json("info", $"b.{container}", "--json").GetProperty("container").GetString());
        Assert.Equal(samples, Samples(cli, "c.opus"));
        Assert.Equal(Wav(cli, "a.opus"), Wav(cli, "c.opus"));
        Assert.Equal(Wav(cli, "a.opus"), Wav(cli, $"b.{container}"));
    }

    [Theory]
    [InlineData("webm", "webm")]
    [InlineData("mp4", "mp4")]
    [InlineData("mka", "webm")]
    public void What_ffmpeg_writes_is_read_in_its_container(string extension, string container)
    {
        using var cli = new Cli();
        var samples = Encode(cli);
        cli.Tool("ffmpeg", "-v", "error", "-i", "a.opus", "-c", "copy", $"b.{extension}");
        var info = cli.Json("info", $"b.{extension}", "--json");
        Assert.Equal(container, info.GetProperty("container").GetString());
        Assert.InRange(info.GetProperty("samples").GetInt64(), samples, samples + 960);
        cli.Do("remux", $"b.{extension}", "c.opus");
        Assert.Equal(0, cli.Run("check", "c.opus").ExitCode);
    }

    [Theory]
    [InlineData("--packet", "60", 60)]
    [InlineData("--packet", "120", 120)]
    public void Remux_makes_packets_of_another_duration(string option, string value, double expected)
    {
        using var cli = new Cli();
        Encode(cli);
        cli.Do("remux", "a.opus", "b.opus", option, value);
        Assert.Equal(expected, cli.Json("info", "b.opus", "--json").GetProperty("packet_ms").GetDouble());
        Assert.Equal(Wav(cli, "a.opus"), Wav(cli, "b.opus"));
    }

    [Fact]
    public void Remux_says_what_it_cannot_do()
    {
        using var cli = new Cli();
        Encode(cli);
        cli.Tool("ffmpeg", "-v", "error", "-i", "speech.wav", "-c:a", "aac", "b.m4a");
        Refused(cli, 1, "AAC", "remux", "b.m4a", "x.opus");
        Refused(cli, 1, "WAV", "remux", "speech.wav", "x.opus");
        Refused(cli, 2, ".opus", "remux", "a.opus", "x.mp3");
        Refused(cli, 2, "--packet", "remux", "a.opus", "x.webm", "--packet", "60");
        Refused(cli, 2, "--packet", "remux", "a.opus", "x.opus", "--packet", "30");
        cli.Do("join", "a.opus", "a.opus", "-o", "chain.opus");
        Refused(cli, 1, "chain", "remux", "chain.opus", "x.webm");
        Assert.DoesNotContain("x.opus", cli.Files);
    }

    [Fact]
    public void Trim_and_join_are_exact()
    {
        using var cli = new Cli();
        var samples = Encode(cli);
        cli.Do("trim", "a.opus", "b.opus", "--to", "1.5");
        cli.Do("trim", "a.opus", "c.opus", "--from", "0:01.5");
        Assert.Equal(72_000, Samples(cli, "b.opus"));
        Assert.Equal(samples - 72_000, Samples(cli, "c.opus"));
        cli.Do("join", "b.opus", "c.opus", "--output", "d.opus");
        var info = cli.Json("info", "d.opus", "--json");
        Assert.Equal(samples, info.GetProperty("samples").GetInt64());
        Assert.Equal(2, info.GetProperty("chain").GetArrayLength());
        foreach (var file in new[] { "b.opus", "c.opus", "d.opus" })
            Assert.True(cli.Json("check", file, "--json").GetProperty("conforming").GetBoolean());
        cli.Tool("opusdec", "--quiet", "d.opus", "d.wav");
    }

    [Fact]
    public void Trim_and_join_say_what_they_cannot_do()
    {
        using var cli = new Cli();
        Encode(cli);
        Refused(cli, 2, "--from", "trim", "a.opus", "x.opus");
        Refused(cli, 2, "--to", "trim", "a.opus", "x.opus", "--from", "2", "--to", "1");
        Refused(cli, 2, "no time", "trim", "a.opus", "x.opus", "--from", "1:99");
        Refused(cli, 1, "message ends at", "trim", "a.opus", "x.opus", "--from", "10:00");
        Refused(cli, 1, "speech.wav", "join", "a.opus", "speech.wav", "-o", "x.opus");
        Refused(cli, 1, "none.opus", "join", "a.opus", "none.opus", "-o", "x.opus");
        Refused(cli, 2, "", "join", "-o", "x.opus");
        Assert.DoesNotContain("x.opus", cli.Files);
    }

    [Fact]
    public void Repair_makes_a_conforming_file_and_reports()
    {
        using var cli = new Cli();
        Encode(cli);
        var bytes = File.ReadAllBytes(cli["a.opus"]);
        File.WriteAllBytes(cli["b.opus"], [.. bytes[..5000], .. bytes[6000..^300]]);
        Assert.Equal(1, cli.Run("check", "b.opus").ExitCode);
        var report = cli.Json("repair", "b.opus", "c.opus", "--json");
        Assert.True(report.GetProperty("lost_seconds").GetDouble() > 0);
        Assert.True(report.GetProperty("defects").GetArrayLength() > 0);
        Assert.All(
            report.GetProperty("defects").EnumerateArray(), defect =>
                Assert.InRange(defect.GetProperty("offset").GetInt64(), 0, bytes.Length));
        Assert.Equal(report.GetProperty("samples").GetInt64(), Samples(cli, "c.opus"));
        Assert.Equal(0, cli.Run("check", "c.opus").ExitCode);
        Assert.DoesNotContain("WARNING", cli.Tool("opusinfo", "c.opus").Text);
        Refused(cli, 1, "speech.wav", "repair", "speech.wav", "x.opus");
    }

    [Fact]
    public void Check_lists_every_finding_with_section_and_offset()
    {
        using var cli = new Cli();
        Encode(cli);
        var good = cli.Do("check", "a.opus");
        Assert.StartsWith("Conforming", good.Text);
        var bytes = File.ReadAllBytes(cli["a.opus"]);
        bytes[^5] ^= 1;
        File.WriteAllBytes(cli["b.opus"], bytes);
        var bad = cli.Run("check", "b.opus", "--json");
        Assert.Equal(1, bad.ExitCode);
        var finding = Assert.Single(JsonDocument.Parse(bad.Text).RootElement.GetProperty("findings").EnumerateArray());
        Assert.Equal("page-checksum", finding.GetProperty("rule").GetString());
        Assert.Equal("RFC 3533 §6", finding.GetProperty("section").GetString());
        Assert.Equal("error", finding.GetProperty("severity").GetString());
        Assert.Equal(1, cli.Run("check", "speech.wav").ExitCode);
    }

    [Fact]
    public void Tags_are_shown_set_and_removed()
    {
        using var cli = new Cli();
        Encode(cli, "--tag", "TITLE=one");
        var before = Wav(cli, "a.opus");
        Assert.Contains("TITLE=one", cli.Do("tags", "a.opus").Text);
        cli.Do("tags", "a.opus", "--set", "TITLE=zwei ü", "--set", "ARTIST=x", "--set", "ARTIST=y", "--remove", "nothing");
        var tags = cli.Json("tags", "a.opus", "--json").GetProperty("tags");
        Assert.Equal("zwei ü", Assert.Single(tags.GetProperty("TITLE").EnumerateArray()).GetString());
        Assert.Equal(2, tags.GetProperty("ARTIST").GetArrayLength());
        Assert.Equal(before, Wav(cli, "a.opus"));
        Assert.Contains("zwei ü", cli.Tool("opusinfo", "a.opus").Text);
        cli.Do("tags", "a.opus", "--remove", "artist", "--json");
        Assert.DoesNotContain("ARTIST", cli.Do("tags", "a.opus").Text);
        Assert.Equal(0, cli.Run("check", "a.opus").ExitCode);
        Refused(cli, 2, "no tag", "tags", "a.opus", "--set", "=x");
        Refused(cli, 2, "stdin", "tags", "-", "--set", "A=x");
        Refused(cli, 1, "speech.wav", "tags", "speech.wav", "--set", "A=x");
    }

    [Fact]
    public void Decode_takes_a_stretch()
    {
        using var cli = new Cli();
        Encode(cli);
        cli.Do("decode", "a.opus", "all.wav", "--float");
        cli.Do("decode", "a.opus", "part.wav", "--float", "--from", "1", "--to", "2.5");
        var all = Floats(cli["all.wav"]);
        var part = Floats(cli["part.wav"]);
        Assert.Equal(72_000, part.Length);
        var error = part.Select((sample, i) => Math.Abs(sample - all[48_000 + i])).Max();
        Assert.InRange(error, 0, 0.02);
        cli.Do("decode", "a.opus", "slow.wav", "--rate", "44100", "--from", "0:01");
        Assert.Equal("1", cli.Tool("soxi", "-c", "slow.wav").Text.Trim());
        var piped = cli.RunWith(File.ReadAllBytes(cli["a.opus"]), "decode", "-", "-", "--float", "--from", "1", "--to", "2.5");
        Assert.Equal(0, piped.ExitCode);
        Refused(cli, 2, "--to", "decode", "a.opus", "x.wav", "--from", "3", "--to", "2");
    }

    [Fact]
    public void What_begins_behind_the_end_is_refused_with_the_end_to_the_millisecond()
    {
        using var cli = new Cli();
        cli.Tool("sox", "-n", "-r", "48000", "in.wav", "synth", "2.3456", "sine", "440");
        cli.Do("encode", "in.wav", "a.opus");
        cli.Do("remux", "a.opus", "a.webm");
        foreach (var input in new[] { "a.opus", "a.webm" })
        {
            Refused(cli, 1, "ends at 0:02.345: there is nothing from 0:09.500 on", "decode", input, "x.wav", "--from", "9.5");
            Refused(cli, 1, "ends at 0:02.345: there is nothing from 0:02.345 on", "decode", input, "x.wav", "--from", "2.3456");
            Refused(cli, 1, "ends at 0:02.345: there is nothing from 0:09.500 on", "trim", input, "x.opus", "--from", "9.5");
            var piped = cli.RunWith(File.ReadAllBytes(cli[input]), "decode", "-", "x.wav", "--from", "9.5", "--rate", "44100");
            Assert.Equal(
                (1, "voicekit: stdin: The message ends at 0:02.345: there is nothing from 0:09.500 on.\n"),
                (piped.ExitCode, piped.Error));
        }

        Assert.Equal(["a.opus", "a.webm", "in.wav"], cli.Files);
        Assert.Empty(cli.Do("decode", "a.opus", "x.wav", "--from", "2.345").Error);
    }

    [Fact]
    public void A_message_without_audio_is_told_of()
    {
        using var cli = new Cli();
        Encode(cli);
        var bytes = File.ReadAllBytes(cli["a.opus"]);
        var audio = bytes.AsSpan(4).IndexOf("OggS"u8) + 4;
        audio += bytes.AsSpan(audio + 4).IndexOf("OggS"u8) + 4;
        File.WriteAllBytes(cli["headers.opus"], bytes[..audio]);
        Assert.Equal("voicekit: headers.opus: there is no audio in it\n", cli.Do("waveform", "headers.opus").Error);
        Refused(cli, 1, "headers.opus: there is no audio in it", "decode", "headers.opus", "x.wav");
        Assert.DoesNotContain("x.wav", cli.Files);
        Assert.Empty(cli.Do("waveform", "a.opus").Error);
    }

    [Theory]
    [InlineData("webm", "WebM")]
    [InlineData("mp4", "Mp4")]
    [InlineData("caf", "Caf")]
    public void Tags_of_another_container_are_not_changed_and_the_way_out_is_named(string extension, string name)
    {
        using var cli = new Cli();
        Encode(cli);
        cli.Tool("ffmpeg", "-v", "error", "-i", "a.opus", "-c", "copy", $"b.{extension}");
        var before = File.ReadAllBytes(cli[$"b.{extension}"]);
        Refused(cli, 1, $"This is {name}: tags are changed in Ogg only", "tags", $"b.{extension}", "--set", "A=x");
        Refused(cli, 1, "remux", "tags", $"b.{extension}", "--remove", "A");
        Assert.Equal(before, File.ReadAllBytes(cli[$"b.{extension}"]));
    }

    [Theory]
    [InlineData("R128_TRACK_GAIN=99999")]
    [InlineData("r128_album_gain=-32769")]
    [InlineData("R128_TRACK_GAIN=1.5")]
    [InlineData("R128_TRACK_GAIN=")]
    public void A_gain_out_of_range_is_refused(string tag)
    {
        using var cli = new Cli();
        Encode(cli);
        Refused(cli, 2, "-32768", "tags", "a.opus", "--set", tag);
        Refused(cli, 2, "-32768", "encode", "speech.wav", "x.opus", "--tag", tag);
        cli.Do("tags", "a.opus", "--set", "R128_TRACK_GAIN=-32768", "--set", "R128_ALBUM_GAIN=32767");
    }

    private static long Encode(Cli cli, params string[] options)
    {
        cli.Do(["encode", cli.Speech(), "a.opus", .. options]);
        return Samples(cli, "a.opus");
    }

    private static long Samples(Cli cli, string file) => cli.Json("info", file, "--json").GetProperty("samples").GetInt64();

    private static byte[] Wav(Cli cli, string file)
    {
        cli.Do("decode", file, "decoded.wav", "--force");
        return File.ReadAllBytes(cli["decoded.wav"]);
    }

    private static float[] Floats(string wav)
    {
        var bytes = File.ReadAllBytes(wav);
        var at = bytes.AsSpan().IndexOf("data"u8) + 8;
        return System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes.AsSpan(at)).ToArray();
    }

    private static void Refused(Cli cli, int exitCode, string word, params string[] arguments)
    {
        var result = cli.Run(arguments);
        Assert.Equal((exitCode, true), (result.ExitCode, result.Error.Contains(word)));
    }
}
