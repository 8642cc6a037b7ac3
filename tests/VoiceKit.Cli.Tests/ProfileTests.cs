using System.Text;
using System.Text.Json;
using System.Xml.Linq;

namespace VoiceKit.Cli.Tests;

public class ProfileTests
{
    [Fact]
    public void Bars_come_in_every_platform_s_form()
    {
        using var cli = new Cli();
        cli.Do("encode", cli.Speech(), "m.opus");
        Assert.Equal(63, Convert.FromBase64String(Text("telegram")).Length);
        var whatsApp = Convert.FromBase64String(Text("whatsapp"));
        Assert.Equal((64, 100), (whatsApp.Length, whatsApp.Max()));
        Assert.InRange(Convert.FromBase64String(Text("discord")).Length, 40, 80);
        Assert.Equal(20, Convert.FromBase64String(Text("discord", "--bars", "20")).Length);
        Assert.Equal(256, Numbers("matrix").Max());
        Assert.Equal((50, 1024), (Numbers("matrix-v1", "--bars", "50").Length, Numbers("matrix-v1").Max()));

        var json = JsonDocument.Parse(Text("audiowaveform-json", "--bars", "90")).RootElement;
        var dat = cli.Do("waveform", "m.opus", "--format", "audiowaveform-dat", "--bars", "90").Output;
        Assert.Equal((2, 90, 90, 24 + 4 * 90), (
            json.GetProperty("version").GetInt32(),
            json.GetProperty("length").GetInt32(),
            BitConverter.ToInt32(dat, 16),
            dat.Length));
        Assert.Equal(json.GetProperty("data")[31].GetInt16(), BitConverter.ToInt16(dat, 24 + 2 * 31));

        // Without a number of bars, one for 256 samples.
        cli.Do("decode", "m.opus", "m.wav");
        var pcm = cli.Tool("ffmpeg", "-v", "error", "-i", "m.wav", "-f", "s16le", "-").Output;
        var fine = JsonDocument.Parse(Text("audiowaveform-json", "--bits", "8")).RootElement;
        Assert.Equal((8, 256, (pcm.Length / 2 + 255) / 256), (
            fine.GetProperty("bits").GetInt32(),
            fine.GetProperty("samples_per_pixel").GetInt32(),
            fine.GetProperty("length").GetInt32()));
        var stretch = Enumerable.Range(80 * 256, 256).Select(i => BitConverter.ToInt16(pcm, 2 * i)).ToArray();
        Assert.InRange(fine.GetProperty("data")[160].GetInt32() - stretch.Min() / 256, -1, 1);
        Assert.InRange(fine.GetProperty("data")[161].GetInt32() - stretch.Max() / 256, -1, 1);

        string Text(string format, params string[] more) =>
            cli.Do(["waveform", "m.opus", "--format", format, .. more]).Text.Trim();

        int[] Numbers(string format, params string[] more) => JsonSerializer.Deserialize<int[]>(Text(format, more))!;
    }

    [Fact]
    public void Pictures_go_to_a_file_or_a_pipe()
    {
        using var cli = new Cli();
        var speech = cli.Speech();
        Assert.Equal(
            "", cli.Do("waveform", speech, "--format", "png", "-o", "w.png", "--bars", "30", "--dark", "--played", "50").Text);
        Assert.Equal(
            "148,48",
            cli.Tool("ffprobe", "-v", "error", "-show_entries", "stream=width,height", "-of", "csv=p=0", "w.png").Text.Trim());
        var svg = XDocument.Parse(cli.Do("waveform", speech, "--format", "svg", "--bars", "30").Text);
        Assert.Equal("148", svg.Root!.Attribute("width")!.Value);
        Assert.Equal(Encoding.Latin1.GetBytes("\u0089PNG"), cli.Do("waveform", speech, "--format", "png").Output[..4]);
        Assert.Equal(2, cli.Run("waveform", speech, "--format", "gif").ExitCode);
        Assert.Equal(2, cli.Run("waveform", speech, "--bars", "0").ExitCode);
        Assert.Equal(2, cli.Run("waveform", speech, "--played", "101").ExitCode);
        Assert.Equal(["speech.wav", "w.png"], cli.Files);
    }

    [Fact]
    public void A_platform_s_view_of_a_message_is_told()
    {
        using var cli = new Cli();
        cli.Do("encode", cli.Speech(), "m.opus");
        Assert.StartsWith("Fits: 0 findings for telegram", cli.Do("check", "m.opus", "--profile", "telegram").Text);
        var signal = cli.Run("check", "m.opus", "--profile", "signal");
        Assert.Equal(1, signal.ExitCode);
        Assert.Contains("audio/aac", signal.Text);

        var json = cli.Json("check", "m.opus", "--profile", "whatsapp", "--json");
        Assert.Equal(("whatsapp", true), (json.GetProperty("profile").GetString(), json.GetProperty("accepted").GetBoolean()));
        var rules = json.GetProperty("findings").EnumerateArray().Select(
            finding => finding.GetProperty("rule").GetString()).ToArray();
        Assert.Contains("tags", rules);
        Assert.All(
            json.GetProperty("findings").EnumerateArray(), finding =>
                Assert.Equal("warning", finding.GetProperty("severity").GetString()));

        Assert.Equal(2, cli.Run("check", "m.opus", "--profile", "fax").ExitCode);
        Assert.Equal(1, cli.Run("check", "speech.wav", "--profile", "telegram").ExitCode);
        Assert.Equal("Conforming", cli.Do("check", "m.opus").Text.Split(':')[0].Trim());
    }
}
