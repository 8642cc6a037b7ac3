using System.Diagnostics;
using System.Text;

namespace VoiceKit.Cli.Tests;

/// <summary>Files and moments that go wrong elsewhere.</summary>
public class WildTests
{
    [Theory]
    [InlineData("file")]
    [InlineData("stdout")]
    [InlineData("pipe")]
    public void An_interrupt_of_decode_says_cancelled_and_leaves_nothing(string kind)
    {
        Requires.Posix();
        using var cli = new Cli();
        cli.Tool("sox", "-n", "-r", "16000", "-c", "1", "long.wav", "synth", "1200", "sine", "300", "vol", "0.1");
        cli.Do("encode", "long.wav", "long.opus", "--complexity", "0", "--bitrate", "8000");
        if (kind != "pipe")
            MakeEndless(cli);
        var before = cli.Files;
        using var process = cli.Start("decode", kind == "pipe" ? "-" : "long.opus", kind == "stdout" ? "-" : "out.wav");
        if (kind == "stdout")
            Assert.NotEqual(-1, process.StandardOutput.BaseStream.ReadByte());
        else
            WaitForPart(cli, process, before.Length);
        cli.Tool("kill", "-INT", $"{process.Id}");
        var said = OtherProgram.ReadToEnd(process);
        Assert.Equal((130, "voicekit: cancelled"), (said.ExitCode, said.Error.Trim()));
        Assert.Equal(before, cli.Files);
    }

    [Fact]
    public void Damaged_messages_are_added_repaired_or_refused_with_their_name()
    {
        using var cli = new Cli();
        cli.Do("encode", cli.Speech(), "a.opus");
        var bytes = File.ReadAllBytes(cli["a.opus"]);
        bytes[bytes.Length / 2] ^= 0x55;
        File.WriteAllBytes(cli["damaged.opus"], bytes);
        var refused = cli.Run("store", "s", "add", "damaged.opus", "--refuse-damaged");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("damaged.opus: It is damaged: ", refused.Error);
        Assert.Contains("(at byte ", refused.Error);
        Assert.Equal(0, cli.Json("store", "s", "list", "--json").GetArrayLength());

        var added = cli.Do("store", "s", "add", "damaged.opus");
        Assert.Contains("damaged.opus: it is damaged, and is added repaired: ", added.Error);
        cli.Do("store", "s", "export", added.Text.Trim(), "b.opus");
        cli.Do("check", "b.opus");
        cli.Do("store", "s", "verify");

        File.WriteAllText(cli["notes.opus"], "Not a message, but a list of things that are to be bought.");
        var none = cli.Run("store", "s", "add", "notes.opus");
        Assert.Equal(1, none.ExitCode);
        Assert.Contains("notes.opus: ", none.Error);
        Assert.Contains("a text", none.Error);
        Assert.DoesNotContain("repaired", none.Error);
    }

    [Fact]
    public void A_message_without_its_first_page_is_added_repaired()
    {
        using var cli = new Cli();
        cli.Do("encode", cli.Speech(), "a.opus");
        var bytes = File.ReadAllBytes(cli["a.opus"]);
        var second = bytes.AsSpan(4).IndexOf("OggS"u8) + 4;
        File.WriteAllBytes(cli["headless.opus"], bytes[second..]);
        Assert.Contains("headless.opus", cli.Do("store", "s", "add", "headless.opus").Error);
        Assert.NotEqual(0, cli.Run("store", "t", "add", "headless.opus", "--refuse-damaged").ExitCode);
    }

    [Fact]
    public void Opposite_channels_are_warned_of()
    {
        using var cli = new Cli();
        cli.Tool("sox", cli.Speech(), "opposite.wav", "remix", "1", "1i");
        foreach (var command in new[] { "import", "encode" })
        {
            var done = cli.Do(command, "opposite.wav", command + ".opus");
            Assert.Contains("opposite.wav: Its channels are opposite to one another", done.Error);
            Assert.InRange(Peak(cli, command + ".opus"), 0.1, 2);
        }

        Assert.StartsWith(
            "Its channels are opposite",
            cli.Json("import", "opposite.wav", "--dry-run", "--json").GetProperty("warnings")[0].GetString());
        Assert.Equal("", cli.Do("import", "speech.wav", "plain.opus").Error);
    }

    [Fact]
    public void A_private_import_leaves_nothing_of_people_and_places()
    {
        using var cli = new Cli();
        string[] tags = ["--tag", "ARTIST=Anna", "--tag", "LOCATION=52.5,13.4", "--tag", "COMMENT=secret"];
        cli.Do(["encode", cli.Speech(), "a.opus", .. tags]);
        cli.Do("import", "a.opus", "plain.opus", "--strip");
        string[] profiles =
            ["telegram", "whatsapp", "whatsapp-grouped", "discord", "matrix", "matrix-v1", "imessage", "signal"];
        foreach (var profile in profiles)
            cli.Do("import", "a.opus", profile + ".bin", "--profile", profile);
        foreach (var name in cli.Files.Where(name => name is "plain.opus" || name.EndsWith(".bin", StringComparison.Ordinal)))
        {
            var text = Encoding.Latin1.GetString(File.ReadAllBytes(cli[name]));
            Assert.All(new[] { "Anna", "52.5", "secret" }, word => Assert.DoesNotContain(word, text));
        }

        Assert.Equal("caff", Encoding.Latin1.GetString(File.ReadAllBytes(cli["imessage.bin"]), 0, 4));
        Assert.Equal(0xFF, File.ReadAllBytes(cli["signal.bin"])[0]);
        Assert.Equal(
            "aac",
            cli.Tool("ffprobe", "-v", "error", "-show_entries", "stream=codec_name", "-of", "csv=p=0", "signal.bin").Text.Trim());
        Assert.Contains("LOCATION", cli.Do("check", "a.opus", "--profile", "telegram").Text);
    }

    [Fact]
    public void What_content_does_not_tell_is_told_by_name_or_option()
    {
        using var cli = new Cli();
        cli.Tool("sox", cli.Speech(), "-r", "8000", "a.gsm");
        cli.Do("import", "a.gsm", "named.opus");
        File.Move(cli["a.gsm"], cli["nameless"]);
        cli.Do("import", "nameless", "told.opus", "--format", "gsm");
        Assert.Equal(
            cli.Json("info", "named.opus", "--json").GetProperty("samples").GetInt64(),
            cli.Json("info", "told.opus", "--json").GetProperty("samples").GetInt64());
        Assert.Equal(2, cli.Run("import", "nameless", "x.opus", "--format", "concat").ExitCode);

        File.WriteAllBytes(cli["wechat.amr"], [2, .. "#!SILK_V3"u8, .. new byte[300]]);
        foreach (var command in new[] { "import", "decode", "encode" })
            Assert.Contains("wechat.amr: ", cli.Run(command, "wechat.amr", "x.opus").Error);
        Assert.Contains("QQ/WeChat SILK: not Opus", cli.Run("decode", "wechat.amr", "x.wav").Error);
        Assert.Contains("QQ/WeChat SILK: not Opus", cli.Run("import", "wechat.amr", "x.opus").Error);
    }

    [Fact]
    public void Messages_are_joined_into_one_stream()
    {
        using var cli = new Cli();
        cli.Do("encode", cli.Speech(), "a.opus");
        cli.Do("join", "a.opus", "a.opus", "-o", "chain.opus");
        Assert.DoesNotContain("links", cli.Do("join", "a.opus", "a.opus", "-o", "one.opus", "--one-stream").Text);
        var one = cli.Json("info", "one.opus", "--json");
        var length = cli.Json("info", "chain.opus", "--json").GetProperty("samples").GetInt64();
        Assert.InRange(one.GetProperty("samples").GetInt64() - length, -480, 480);
        cli.Do("check", "one.opus");
    }

    [Fact]
    public void CAF_is_written_at_the_rate_that_is_asked_for()
    {
        using var cli = new Cli();
        cli.Do("encode", cli.Speech(), "a.opus");
        cli.Do("remux", "a.opus", "a.caf", "--rate", "24000");
        Assert.Equal(
            24_000, System.Buffers.Binary.BinaryPrimitives.ReadDoubleBigEndian(File.ReadAllBytes(cli["a.caf"]).AsSpan(20)));
        Assert.Equal(
            cli.Json("info", "a.opus", "--json").GetProperty("packets").GetInt64(),
            cli.Json("info", "a.caf", "--json").GetProperty("packets").GetInt64());
        Assert.Equal(2, cli.Run("remux", "a.opus", "b.webm", "--rate", "24000").ExitCode);
        Assert.Equal(2, cli.Run("remux", "a.opus", "b.caf", "--rate", "44100").ExitCode);
    }

    // Longer than any test takes to interrupt it.
    private static void MakeEndless(Cli cli)
    {
        cli.Do(["join", .. Enumerable.Repeat("long.opus", 60), "-o", "longer.opus"]);
        File.Move(cli["longer.opus"], cli["long.opus"], overwrite: true);
    }

    private static void WaitForPart(Cli cli, Process process, int before)
    {
        var giveUp = Stopwatch.StartNew();
        if (process.StartInfo.ArgumentList.Contains("-"))
        {
            process.StandardInput.BaseStream.Write(File.ReadAllBytes(cli["long.opus"]).AsSpan(0, 40_000));
            process.StandardInput.BaseStream.Flush();
        }

        while (cli.Files.Length == before)
        {
            Assert.True(giveUp.Elapsed < TimeSpan.FromMinutes(5) && !process.HasExited, "Nothing is written.");
            Thread.Sleep(20);
        }
    }

    private static double Peak(Cli cli, string name)
    {
        var log = cli.Tool("ffmpeg", "-hide_banner", "-i", name, "-af", "volumedetect", "-f", "null", "-").Error;
        return Math.Pow(
            10, double.Parse(log.Split("max_volume:")[1].Split("dB")[0], System.Globalization.CultureInfo.InvariantCulture) / 20);
    }
}
