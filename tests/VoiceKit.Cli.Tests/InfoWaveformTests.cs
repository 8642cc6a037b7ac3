using System.Text.Json;

namespace VoiceKit.Cli.Tests;

public class InfoWaveformTests
{
    [Fact]
    public void Json_has_every_property()
    {
        using var cli = new Cli();
        cli.Do("encode", cli.Speech(), "m.opus");
        var info = cli.Json("info", "m.opus", "--json");
        (string Name, JsonValueKind Kind)[] expected =
        [
            ("duration_seconds", JsonValueKind.Number), ("samples", JsonValueKind.Number), ("pre_skip", JsonValueKind.Number),
            ("channels", JsonValueKind.Number),
            ("input_sample_rate", JsonValueKind.Number),
            ("output_gain_db", JsonValueKind.Number),
            ("mode", JsonValueKind.String), ("bandwidth", JsonValueKind.String), ("packet_ms", JsonValueKind.Number),
            ("packets", JsonValueKind.Number), ("pages", JsonValueKind.Number), ("bitrate", JsonValueKind.Number),
            ("vendor", JsonValueKind.String), ("tags", JsonValueKind.Object), ("defects", JsonValueKind.Array),
        ];
        Assert.All(expected, property => Assert.Equal(property.Kind, info.GetProperty(property.Name).ValueKind));
        Assert.Equal(info.GetProperty("samples").GetInt64() / 48_000.0, info.GetProperty("duration_seconds").GetDouble(), 9);
        Assert.Equal(312, info.GetProperty("pre_skip").GetInt32());
        Assert.Empty(info.GetProperty("defects").EnumerateArray());
    }

    [Fact]
    public void A_large_file_is_told_of_by_its_ends_however_long_its_tags()
    {
        using var cli = new Cli();
        cli.Tool("sox", "-n", "-r", "48000", "-b", "16", "-c", "2", "noise.wav", "synth", "70", "whitenoise", "vol", "0.3");
        string[] tags = [.. Enumerable.Range(0, 6).SelectMany(i => new[] { "--tag", $"COMMENT={new string('x', 100_000)}" })];
        string[] loud = ["--bitrate", "510000", "--channels", "2", "--complexity", "0", "--application", "audio"];
        cli.Do(["encode", "noise.wav", "m.opus", .. loud, .. tags]);
        var (ends, all) = (cli.Do("info", "m.opus").Text.Split('\n'), cli.Do("info", "m.opus", "--full").Text.Split('\n'));
        Assert.Equal(all[0], ends[0]);
        Assert.Contains("2 ch, celt fullband", ends[2]);
        Assert.Contains("2 ch, celt fullband", all[2]);
        Assert.Contains("of 20 ms", ends[3]);
        Assert.Contains(ends, line => line.Contains("--full reads all of it"));
        Assert.DoesNotContain(all, line => line.Contains("--full"));
    }

    [Fact]
    public void Damage_is_listed_with_its_offset_and_does_not_stop_the_work()
    {
        using var cli = new Cli();
        cli.Do("encode", cli.Speech(), "m.opus");
        var whole = cli.Json("info", "m.opus", "--json");
        var data = File.ReadAllBytes(cli["m.opus"]);
        var page = PageOffsets(data)[3];
        data[page + 100] ^= 0x55;
        File.WriteAllBytes(cli["bad.opus"], data);

        var info = cli.Json("info", "bad.opus", "--json");
        var defect = info.GetProperty("defects")[0];
        Assert.Equal(page, defect.GetProperty("offset").GetInt32());
        Assert.Equal("bad_checksum", defect.GetProperty("kind").GetString());
        Assert.NotEmpty(defect.GetProperty("message").GetString()!);
        Assert.Equal(whole.GetProperty("samples").GetInt64(), info.GetProperty("samples").GetInt64());
        Assert.Equal(48_000, info.GetProperty("lost_samples").GetInt64());

        cli.Do("decode", "bad.opus", "d.wav");
        Assert.Equal(info.GetProperty("samples").ToString(), cli.Tool("soxi", "-s", "d.wav").Text.Trim());
        Assert.Contains($"at byte {page}", cli.Do("info", "bad.opus").Text);
    }

    [Fact]
    public void Text_from_a_file_cannot_move_the_cursor()
    {
        using var cli = new Cli();
        cli.Do("encode", cli.Speech(), "m.opus", "--tag", "TITLE=a\u001b[2Jb\nDefect");
        var text = cli.Do("info", "m.opus").Text;
        Assert.DoesNotContain('\u001b', text);
        Assert.Contains("TITLE=a\uFFFD[2Jb\uFFFDDefect", text);
        Assert.Equal(
            "a\u001b[2Jb\nDefect", cli.Json("info", "m.opus", "--json").GetProperty("tags").GetProperty("TITLE")[0].GetString());
    }

    [Fact]
    public void Bars_come_as_text_and_as_numbers()
    {
        using var cli = new Cli();
        var speech = cli.Speech();
        cli.Do("encode", speech, "m.opus");
        foreach (var input in new[] { speech, "m.opus" })
        {
            var line = cli.Do("waveform", input, "--bars", "40").Text.Split('\n')[0];
            Assert.Equal(40, line.Length);
            Assert.All(line, c => Assert.Contains(c, " ▁▂▃▄▅▆▇█"));
            Assert.Contains('█', line);

            var json = cli.Json("waveform", input, "--bars", "40", "--format", "json");
            Assert.Equal(40, json.GetProperty("bars").GetArrayLength());
            Assert.All(json.GetProperty("bars").EnumerateArray(), bar => Assert.InRange(bar.GetDouble(), 0, 1));
            Assert.InRange(json.GetProperty("peak").GetDouble(), 0.3, 1.3);
            Assert.Equal(double.Parse(cli.Tool("soxi", "-D", speech).Text), json.GetProperty("duration_seconds").GetDouble(), 3);
        }

        Assert.Equal(64, cli.Do("waveform", "m.opus").Text.Split('\n')[0].Length);
        var piped = cli.RunWith(File.ReadAllBytes(cli[speech]), "waveform", "-", "--bars", "40");
        Assert.Equal(cli.Do("waveform", speech, "--bars", "40").Text, piped.Text);
    }

    private static List<int> PageOffsets(byte[] data)
    {
        var offsets = new List<int>();
        for (var at = 0; at < data.Length;)
        {
            offsets.Add(at);
            int segments = data[at + 26];
            at += 27 + segments + data.AsSpan(at + 27, segments).ToArray().Sum(value => value);
        }

        return offsets;
    }
}
