using VoiceKit.Opus;

namespace VoiceKit.Cli.Tests;

public class ErrorTests
{
    public static TheoryData<string> WrongUsage =>
    [
        "",
        "nonsense",
        "encode",
        "encode a.wav",
        "encode a.wav b.opus c",
        "encode a.wav b.opus --bitrate x",
        "encode a.wav b.opus --bitrate 1",
        "encode a.wav b.opus --channels 3",
        "encode a.wav b.opus --frame 30",
        "encode a.wav b.opus --frame nan",
        "encode a.wav b.opus --complexity 11",
        "encode a.wav b.opus --application lowdelay",
        "encode a.wav b.opus --tag novalue",
        "encode a.wav b.opus --tag =x",
        "decode a.opus",
        "decode a.opus b.wav --rate 1", "info", "info a.opus --xml", "waveform a.opus --bars 0", "waveform a.opus --format gif",
    ];

    [Theory]
    [MemberData(nameof(WrongUsage))]
    public void Wrong_usage_returns_2_and_says_so(string arguments)
    {
        using var cli = new Cli();
        var result = cli.Run(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("voicekit: ", result.Error);
        Assert.Contains("--help", result.Error);
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("encode nope.wav out", "nope.wav: no such file")]
    [InlineData("encode . out", ".: ")]
    [InlineData("encode text out", "text: This is neither WAV nor AIFF: ")]
    [InlineData("encode m.opus out", "m.opus: This is neither WAV nor AIFF: it is an Ogg file. (at byte 0)")]
    [InlineData("encode cut.wav out", "cut.wav: ")]
    [InlineData("decode text out", "text: This is not Ogg Opus: it is a text. (at byte 0)")]
    [InlineData("decode speech.wav out", "speech.wav: This is not Ogg Opus: it is a WAV file. (at byte 0)")]
    [InlineData("decode empty out", "empty: The input is empty. (at byte 0)")]
    [InlineData("decode vorbis.ogg out", "vorbis.ogg: This is not Ogg Opus: it is Ogg Vorbis. (at byte 0)")]
    [InlineData("info nope.opus", "nope.opus: no such file")]
    [InlineData("info text", "text: This is not Ogg Opus")]
    [InlineData("waveform text", "text: This is not Ogg Opus")]
    [InlineData("encode speech.wav nofolder/out", "nofolder/out: cannot be written: no such folder")]
    [InlineData("decode head.opus out", "head.opus: OpusHead: version 255 is not compatible (RFC 7845 §5.1). (at byte 36)")]
    public void Bad_input_returns_1_and_one_line_that_says_what_and_where(string arguments, string message)
    {
        using var cli = new Cli();
        Prepare(cli);
        File.WriteAllText(cli["out"], "precious");
        var before = cli.Files;

        var result = cli.Run(arguments.Split(' '));
        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith($"voicekit: {message}", result.Error);
        Assert.Equal(1, result.Error.Count(c => c == '\n'));
        Assert.Equal("precious", File.ReadAllText(cli["out"]));
        Assert.Equal(before, cli.Files);
    }

    [Theory]
    [InlineData("info")]
    [InlineData("waveform")]
    [InlineData("encode", "a.wav")]
    [InlineData("decode", "a.opus")]
    public void Empty_file_name_is_wrong_usage(params string[] arguments)
    {
        using var cli = new Cli();
        var result = cli.Run([.. arguments, ""]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("empty file name", result.Error);
    }

    [Fact]
    public void Full_disk_leaves_nothing_behind_and_the_file_is_named()
    {
        using var cli = new Cli();
        cli.Do("encode", cli.Speech(), "m.opus");
        File.WriteAllText(cli["out.wav"], "precious");

        // A limit on the size of files stands for the full disk; the signal that goes with it is ignored, and the runtime is kept
        // from mapping its code through a file.
        const string Limits = "trap '' XFSZ; ulimit -f 100; export DOTNET_EnableWriteXorExecute=0";
        var shell = cli.Tool("bash", "-c", $"{Limits}; {Cli.Words} decode m.opus out.wav --force; echo $?");
        Assert.Equal("1", shell.Text.Trim());
        Assert.StartsWith("voicekit: out.wav: cannot be written: ", shell.Error);
        Assert.Equal("precious", File.ReadAllText(cli["out.wav"]));
        Assert.Equal(["m.opus", "out.wav", "speech.wav"], cli.Files);
    }

    [Fact]
    public void Full_output_is_named()
    {
        using var cli = new Cli();
        cli.Do("encode", cli.Speech(), "m.opus");
        var result = cli.Run("decode", "m.opus", "/dev/full");
        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("voicekit: /dev/full: cannot be written: ", result.Error);
    }

    [Fact]
    public void Bad_input_on_stdin_is_named()
    {
        using var cli = new Cli();
        var result = cli.RunWith("hello, world"u8.ToArray(), "info", "-");
        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("voicekit: stdin: ", result.Error);
    }

    [Fact]
    public void Recording_that_is_cut_off_is_encoded_as_far_as_it_goes()
    {
        using var cli = new Cli();
        var data = File.ReadAllBytes(cli[cli.Speech()]);
        File.WriteAllBytes(cli["short.wav"], data[..(44 + 22_050 * 2)]);
        cli.Do("encode", "short.wav", "m.opus");
        Assert.Equal(48_000, cli.Json("info", "m.opus", "--json").GetProperty("samples").GetInt64());
    }

    [Fact]
    public void Help_and_version_are_printed()
    {
        using var cli = new Cli();
        Assert.Contains("waveform", cli.Do("--help").Text);
        Assert.Contains("--bitrate", cli.Do("encode", "--help").Text);
        foreach (var arguments in new[] { new[] { "--help" }, ["encode", "--help"], ["store", "s", "backup", "--help"] })
        {
            var help = cli.Do(arguments).Text;
            Assert.Matches(@"Usage:\s+voicekit ", help);
            Assert.DoesNotContain("VoiceKit.Cli", help);
        }

        Assert.Matches(@"^\d+\.\d+\.\d+", cli.Do("--version").Text);
    }

    [Theory]
    [InlineData("encode speech.wav there.opus")]
    [InlineData("decode m.opus there.wav")]
    [InlineData("import speech.wav there.opus")]
    [InlineData("waveform m.opus --format svg --output there.svg")]
    [InlineData("remux m.opus there.webm")]
    [InlineData("trim m.opus there.opus --to 0:01")]
    [InlineData("join m.opus m.opus --output there.opus")]
    [InlineData("repair m.opus there.opus")]
    [InlineData("store s export ID there.opus")]
    [InlineData("store s export ID there.wav")]
    [InlineData("store s backup there.zip")]
    public void A_file_that_exists_is_replaced_only_with_force(string command)
    {
        using var cli = new Cli();
        cli.Do("encode", cli.Speech(), "m.opus");
        var id = command.StartsWith("store", StringComparison.Ordinal) ? cli.Do("store", "s", "add", "m.opus").Text.Trim() : "";
        var arguments = command.Replace("ID", id, StringComparison.Ordinal).Split(' ');
        var there = arguments.Single(word => word.StartsWith("there", StringComparison.Ordinal));
        File.WriteAllText(cli[there], "mine");

        var refused = cli.Run(arguments);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains($"{there} exists; --force replaces it", refused.Error, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(cli[there]));
        cli.Do([.. arguments, "--force"]);
        Assert.NotEqual("mine", File.ReadAllText(cli[there]));
    }

    [Fact]
    public void Nothing_is_told_of_progress_when_stderr_is_no_terminal()
    {
        using var cli = new Cli();
        Assert.Empty(cli.Do("encode", cli.Speech(), "m.opus").Error);
        Assert.Empty(cli.Do("decode", "m.opus", "d.wav").Error);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void Interrupted_work_leaves_nothing_behind(string signal)
    {
        using var cli = new Cli();
        var speech = cli.Speech();
        File.WriteAllText(cli["out.opus"], "precious");

        // Half a recording comes through the pipe, and then nothing: the program waits until it is told to stop.
        using var process = cli.Start("encode", "-", "out.opus", "--force");
        process.StandardInput.BaseStream.Write(File.ReadAllBytes(cli[speech]).AsSpan(0, 100_000));
        process.StandardInput.BaseStream.Flush();
        while (cli.Files.Length < 3 && !process.HasExited) // It is killed when it takes too long.
            Thread.Sleep(20);
        cli.Tool("kill", $"-{signal}", $"{process.Id}");
        process.WaitForEnd();
        Assert.NotEqual(0, process.ExitCode);
        Assert.Equal(["out.opus", "speech.wav"], cli.Files);
        Assert.Equal("precious", File.ReadAllText(cli["out.opus"]));
    }

    private static void Prepare(Cli cli)
    {
        var speech = cli.Speech();
        File.WriteAllText(cli["text"], "Nothing to hear here. " + new string('-', 2000));
        File.WriteAllBytes(cli["empty"], []);
        File.WriteAllBytes(cli["cut.wav"], File.ReadAllBytes(cli[speech])[..30]);
        cli.Tool("ffmpeg", "-v", "error", "-i", speech, "-c:a", "libvorbis", "vorbis.ogg");
        cli.Tool("opusenc", "--quiet", speech, "m.opus");
        var head = File.ReadAllBytes(cli["m.opus"]);
        head[36] = 255;
        head.AsSpan(22, 4).Clear();
        uint crc = 0;
        for (var i = 0; i < 47; i++)
        {
            for (var bit = 7; bit >= 0; bit--)
                crc = (crc << 1) ^ (((crc >> 31) ^ (uint)(head[i] >> bit & 1)) * 0x04C11DB7);
        }

        BitConverter.TryWriteBytes(head.AsSpan(22), crc);
        File.WriteAllBytes(cli["head.opus"], head);
    }
}
