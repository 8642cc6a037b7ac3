using System.Diagnostics;

namespace VoiceKit.Cli.Tests;

/// <summary>Many files in one call: <c>voicekit encode|decode|import IN … -d OUT</c>.</summary>
public class ManyFilesTests
{
    [Fact]
    public void Each_recording_becomes_what_it_becomes_alone()
    {
        using var cli = new Cli();
        string[] names = ["a", "b", "c"];
        foreach (var (name, index) in names.Select((name, index) => (name, index)))
        {
            MakeTone(cli, $"{name}.wav", 300 + 100 * index, 1 + index);
            cli.Do("encode", $"{name}.wav", $"{name}.opus", "--serial", "7");
            cli.Do("decode", $"{name}.opus", $"alone-{name}.wav", "--jobs", "1");
        }

        var encoded = cli.Do("encode", "a.wav", "b.wav", "c.wav", "-d", "new/out", "--serial", "7", "--jobs", "2");
        Assert.Equal(
            ["a.wav -> new/out/a.opus", "b.wav -> new/out/b.opus", "c.wav -> new/out/c.opus"],
            encoded.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order());
        Assert.Empty(encoded.Error);
        cli.Do("decode", "-d", "decoded", "new/out/a.opus", "new/out/b.opus", "new/out/c.opus", "--jobs", "2");
        Assert.All(names, name =>
        {
            Assert.Equal(File.ReadAllBytes(cli[$"{name}.opus"]), File.ReadAllBytes(cli[$"new/out/{name}.opus"]));
            Assert.Equal(File.ReadAllBytes(cli[$"alone-{name}.wav"]), File.ReadAllBytes(cli[$"decoded/{name}.wav"]));
        });
        Assert.Equal(["a.opus", "b.opus", "c.opus"], In(cli, "new/out"));
    }

    [Fact]
    public void Recordings_of_any_format_are_imported_as_a_platform_wants_them()
    {
        using var cli = new Cli();
        var speech = cli.Speech();
        cli.Tool("ffmpeg", "-v", "error", "-i", speech, "-c:a", "aac", "one.m4a");
        cli.Tool("ffmpeg", "-v", "error", "-i", speech, "-c:a", "flac", "two.flac");
        cli.Do("import", "one.m4a", "two.flac", "-d", "out", "--jobs", "2");
        Assert.Equal(["one.opus", "two.opus"], In(cli, "out"));
        Assert.All(In(cli, "out"), name => Assert.Equal(0, cli.Run("check", $"out/{name}").ExitCode));
        cli.Do("import", "one.m4a", "-d", "apple", "--profile", "imessage");
        Assert.Equal(["one.caf"], In(cli, "apple"));
    }

    [Fact]
    public void Inputs_of_one_name_have_outputs_of_their_own()
    {
        using var cli = new Cli();
        Directory.CreateDirectory(cli["sub"]);
        MakeTone(cli, "a.wav", 300, 1);
        MakeTone(cli, "sub/A.wav", 300, 2);
        MakeTone(cli, "A-2.wav", 300, 3);
        cli.Do("encode", "a.wav", "sub/A.wav", "A-2.wav", "-d", "out");
        Assert.Equal(48_000, Samples(cli, "out/a.opus"));
        Assert.Equal(2 * 48_000, Samples(cli, "out/A-3.opus"));
        Assert.Equal(3 * 48_000, Samples(cli, "out/A-2.opus"));
    }

    [Fact]
    public void What_goes_wrong_is_told_at_the_end_and_keeps_no_other_from_being_made()
    {
        using var cli = new Cli();
        MakeTone(cli, "a.wav", 300, 1);
        MakeTone(cli, "b.wav", 300, 1);
        File.WriteAllText(cli["bad.wav"], "Nothing to hear here. " + new string('-', 2000));
        Directory.CreateDirectory(cli["out"]);
        File.WriteAllText(cli["out/b.opus"], "precious");

        var result = cli.Run("encode", "nope.wav", "bad.wav", "b.wav", "a.wav", "-d", "out");
        Assert.Equal((1, "a.wav -> out/a.opus"), (result.ExitCode, result.Text.Trim()));
        var errors = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, errors.Length);
        Assert.Equal("voicekit: nope.wav: no such file", errors[0]);
        Assert.StartsWith("voicekit: bad.wav: This is neither WAV nor AIFF", errors[1]);
        Assert.Equal("voicekit: out/b.opus exists; --force replaces it", errors[2]);
        Assert.Equal("voicekit: 3 of 4 files failed", errors[3]);
        Assert.Equal("precious", File.ReadAllText(cli["out/b.opus"]));
        Assert.Equal(["a.opus", "b.opus"], In(cli, "out"));

        cli.Do("encode", "b.wav", "-d", "out", "--force");
        Assert.Equal(48_000, Samples(cli, "out/b.opus"));
    }

    [Fact]
    public void An_input_is_never_replaced_by_what_becomes_of_it()
    {
        using var cli = new Cli();
        MakeTone(cli, "a.wav", 300, 1);
        cli.Do("encode", "a.wav", "a.opus");
        var before = File.ReadAllBytes(cli["a.opus"]);
        var result = cli.Run("import", "a.opus", "-d", ".", "--force");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("a.opus: what becomes of it would take its place", result.Error);
        Assert.Equal(before, File.ReadAllBytes(cli["a.opus"]));
    }

    [Theory]
    [InlineData("encode a.wav b.wav c.wav", "'c.wav' is one too many: several inputs need a folder")]
    [InlineData("encode a.wav", "OUT.opus is missing")]
    [InlineData("encode a.wav - -d out", "stdin has no name")]
    [InlineData("encode -d out", "Required argument 'IN.wav' missing")]
    [InlineData("decode a.opus", "OUT.wav is missing")]
    [InlineData("import a.m4a b.m4a -d out --dry-run", "do not go with -d")]
    [InlineData("import a.m4a b.m4a -d out --json", "do not go with -d")]
    public void What_makes_no_sense_is_wrong_usage(string arguments, string message)
    {
        using var cli = new Cli();
        var result = cli.Run(arguments.Split(' '));
        Assert.Equal((2, ""), (result.ExitCode, result.Text));
        Assert.Contains(message, result.Error);
        Assert.Empty(cli.Files);
        Assert.Empty(Directory.GetDirectories(cli.Folder));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_named()
    {
        using var cli = new Cli();
        MakeTone(cli, "a.wav", 300, 1);
        File.WriteAllText(cli["out"], "a file");
        var result = cli.Run("encode", "a.wav", "-d", "out");
        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("voicekit: out: cannot be written: ", result.Error);
    }

    [Fact]
    public void An_interrupt_leaves_what_is_done_and_no_half_file()
    {
        Requires.Posix();
        using var cli = new Cli();
        MakeTone(cli, "a.wav", 300, 1);
        cli.Tool("mkfifo", "slow.wav");
        using var process = cli.Start("encode", "a.wav", "slow.wav", "-d", "out", "--jobs", "2");

        // Half a recording comes through the pipe, and then nothing.
        using var pipe = new FileStream(cli["slow.wav"], FileMode.Open, FileAccess.Write);
        pipe.Write(File.ReadAllBytes(cli["a.wav"]).AsSpan(0, 40_000));
        pipe.Flush();
        var waiting = Stopwatch.StartNew();
        while (!process.HasExited && waiting.Elapsed < OtherProgram.Patience
            && !(File.Exists(cli["out/a.opus"]) && Directory.GetFiles(cli["out"]).Length == 2))
            Thread.Sleep(20);
        cli.Tool("kill", "-INT", $"{process.Id}");
        var said = OtherProgram.ReadToEnd(process);
        Assert.Equal((130, "voicekit: cancelled"), (said.ExitCode, said.Error.Trim()));
        Assert.Equal(["a.opus"], In(cli, "out"));
        Assert.Equal(48_000, Samples(cli, "out/a.opus"));
    }

    private static string[] In(Cli cli, string folder) =>
        [.. Directory.GetFiles(cli[folder]).Select(file => Path.GetFileName(file)).Order()];

    private static long Samples(Cli cli, string name) => cli.Json("info", name, "--json").GetProperty("samples").GetInt64();

    private static void MakeTone(Cli cli, string name, int frequency, int seconds) =>
        cli.Tool("sox", "-n", "-r", "48000", "-c", "1", name, "synth", $"{seconds}", "sine", $"{frequency}", "vol", "0.3");
}
