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
