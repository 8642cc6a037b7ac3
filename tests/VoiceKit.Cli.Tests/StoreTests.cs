using System.Text.Json;

namespace VoiceKit.Cli.Tests;

public class StoreTests
{
    [Fact]
    public void Messages_are_added_listed_forwarded_exported_backed_up_and_restored()
    {
        using var cli = new Cli();
        cli.Speech();
        cli.Do("encode", "speech.wav", "a.opus");
        var first = cli.Do("store", "s", "add", "a.opus", "--received", "--sender", "Zoë").Text.Trim();
        var second = cli.Do("store", "s", "forward", first).Text.Trim();
        var list = cli.Json("store", "s", "list", "--json").EnumerateArray().ToArray();
        Assert.Equal([second, first], list.Select(message => message.GetProperty("id").GetString()));
        Assert.Equal("Zoë", list[1].GetProperty("sender").GetString());
        Assert.Equal(1, list[0].GetProperty("forwarded").GetInt32());
        Assert.Contains(first, cli.Do("store", "s", "list", "--limit", "1", "--before", second).Text);
        cli.Do("store", "s", "export", first, "b.opus");
        Assert.DoesNotContain("VOICEKIT", cli.Do("tags", "b.opus").Text);
        cli.Do("store", "s", "export", first, "b.wav");
        cli.Do("store", "s", "backup", "s.zip");
        cli.Do("store", "s", "delete", first);
        Assert.Single(cli.Json("store", "s", "list", "--json").EnumerateArray());
        Assert.StartsWith("1 restored", cli.Do("store", "s", "restore", "s.zip").Text);
        Assert.Equal(2, cli.Json("store", "s", "list", "--json").GetArrayLength());
        cli.Do("store", "s", "verify");

        var path = list[1].GetProperty("path").GetString()!;
        var bytes = File.ReadAllBytes(path);
        bytes[^9] ^= 1;
        File.WriteAllBytes(path, bytes);
        var verdict = cli.Run("store", "s", "verify");
        Assert.Equal(1, verdict.ExitCode);
        Assert.Contains("Received/PTT-", verdict.Error);
    }

    [Fact]
    public void A_message_is_exported_as_what_the_name_of_the_file_says()
    {
        using var cli = new Cli();
        cli.Speech();
        cli.Do("encode", "speech.wav", "a.opus");
        var id = cli.Do("store", "s", "add", "a.opus", "--sender", "secret").Text.Trim();
        var seconds = cli.Json("store", "s", "list", "--json")[0].GetProperty("duration_seconds").GetDouble();
        (string, string)[] formats =
            [("m.mp3", "mp3"), ("m.m4a", "mov"), ("m.wav", "wav"), ("m.ogg", "ogg"), ("m.OPUS", "ogg")];
        foreach (var (name, format) in formats)
        {
            cli.Do("store", "s", "export", id, name);
            var about = cli.Tool(
                "ffprobe", "-v", "error", "-show_entries", "format=format_name,duration", "-of", "csv=p=0", name).Text.Trim();
            Assert.StartsWith(format, about.Trim('"'));
            Assert.InRange(
                double.Parse(about.Split(',')[^1], System.Globalization.CultureInfo.InvariantCulture),
                seconds - 0.06,
                seconds + 0.06);
            Assert.DoesNotContain("secret", System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(cli[name])));
        }

        var refused = cli.Run("store", "s", "export", id, "m.xyz");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(".mp3", refused.Error);
        Assert.DoesNotContain("m.xyz", cli.Files);
    }

    [Fact]
    public void A_backup_is_gone_on_with_and_holds_only_what_is_new_when_asked()
    {
        using var cli = new Cli();
        cli.Speech();
        cli.Do("encode", "speech.wav", "a.opus");
        var first = cli.Do("store", "s", "add", "a.opus").Text.Trim();
        cli.Do("store", "s", "forward", first);
        Assert.StartsWith("2 messages", cli.Do("store", "s", "backup", "full.zip").Text);

        // What an interrupted one has left: one message and a half.
        var whole = File.ReadAllBytes(cli["full.zip"]);
        File.WriteAllBytes(cli["again.zip.partial"], whole[..(whole.Length / 2 + 100)]);
        Assert.Equal("1 messages, 1 there already", cli.Do("store", "s", "backup", "again.zip", "--resume").Text.Trim());
        cli.Tool("unzip", "-tq", "again.zip");
        Assert.DoesNotContain("again.zip.partial", cli.Files);

        cli.Do("store", "s", "forward", first);
        Assert.StartsWith("1 messages", cli.Do("store", "s", "backup", "more.zip", "--since", "full.zip").Text);
        cli.Tool("unzip", "-q", "more.zip", "manifest.json");
        Assert.StartsWith("0 messages", cli.Do("store", "s", "backup", "none.zip", "--since", "manifest.json").Text);
        cli.Do("store", "copy", "restore", "full.zip");
        Assert.StartsWith("1 restored", cli.Do("store", "copy", "restore", "more.zip").Text);
        Assert.Equal(2, cli.Run("store", "s", "backup", "-", "--resume").ExitCode);
        var wrong = cli.Run("store", "s", "backup", "x.zip", "--since", "speech.wav");
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("speech.wav", wrong.Error);
        Assert.DoesNotContain(cli.Files, name => name.StartsWith("x.zip"));
    }

    [Theory]
    [InlineData("delete", "nothing")]
    [InlineData("forward", "nothing")]
    [InlineData("restore", "nothing.zip")]
    [InlineData("add", "nothing.opus")]
    public void What_is_not_there_is_told_in_a_line(string command, string name)
    {
        using var cli = new Cli();
        var result = cli.Run("store", "s", command, name);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("nothing", Assert.Single(result.Error.Trim().Split('\n')));
    }
}
