using System.Text.Json;
using VoiceKit.Tests.Support;

namespace VoiceKit.Cli.Tests;

/// <summary><c>voicekit import</c>.</summary>
public class ImportTests
{
    [Fact]
    public void Mono_stays_mono_where_a_profile_takes_both()
    {
        using var cli = new Cli();
        cli.Do("import", cli.Speech(), "out.opus", "--profile", "generic");
        Assert.Equal(1, cli.Json("info", "out.opus", "--json").GetProperty("channels").GetInt32());
    }

    [Fact]
    public void An_M4A_becomes_a_message_of_the_same_length()
    {
        using var cli = new Cli();
        cli.Tool("ffmpeg", "-v", "error", "-i", cli.Speech(), "-c:a", "aac", "-f", "mp4", "memo.bin");
        var preview = cli.Json("import", "memo.bin", "--dry-run", "--json", "--normalize", "--trim-silence");
        Assert.Equal("encode", preview.GetProperty("action").GetString());
        Assert.Contains("MPEG-4", preview.GetProperty("content").GetString());
        Assert.Equal(64, preview.GetProperty("bars").GetArrayLength());
        Assert.Equal(["memo.bin", "speech.wav"], cli.Files);

        var made = cli.Json("import", "memo.bin", "out.opus", "--normalize", "--trim-silence", "--json");
        Assert.Equal(
            preview.GetProperty("duration_seconds").GetDouble(), made.GetProperty("duration_seconds").GetDouble(), 0.001);
        Assert.InRange(made.GetProperty("output_gain_db").GetDouble() - preview.GetProperty("gain_db").GetDouble(), -1, 1);
        Assert.Equal(0, cli.Run("check", "out.opus").ExitCode);
        Assert.Equal(
            made.GetProperty("samples").GetInt64(), cli.Json("info", "out.opus", "--json").GetProperty("samples").GetInt64());
    }

    [Fact]
    public void Opus_is_taken_and_cut_without_encoding_unless_told_otherwise()
    {
        using var cli = new Cli();
        cli.Do("encode", cli.Speech(), "a.opus");
        cli.Do("import", "a.opus", "same.opus");
        Assert.Equal(File.ReadAllBytes(cli["a.opus"]), File.ReadAllBytes(cli["same.opus"]));
        Assert.Contains("take the file as it is", cli.Do("import", "a.opus", "--dry-run").Text);

        cli.Do("import", "a.opus", "cut.opus", "--max-length", "1.5");
        Assert.Equal(72_000, cli.Json("info", "cut.opus", "--json").GetProperty("samples").GetInt64());
        Assert.Contains("Encoding is forced", cli.Do("import", "a.opus", "--dry-run", "--reencode").Text);

        var piped = cli.RunWith(File.ReadAllBytes(cli["a.opus"]), "import", "-", "-");
        Assert.Equal(File.ReadAllBytes(cli["a.opus"]), piped.Output);
    }

    [Fact]
    public void What_cannot_be_imported_is_told_with_its_name()
    {
        Requires.Program("ffmpeg");
        using var cli = new Cli();
        File.WriteAllText(cli["notes.m4a"], "Not a sound at all, but a list of things to buy.");
        Refused(cli, 1, "notes.m4a: There is no sound in it: it is a text", "import", "notes.m4a", "x.opus");
        Refused(cli, 1, "nothing.mp3: no such file", "import", "nothing.mp3", "x.opus");
        File.WriteAllBytes(cli["bad.mp3"], [0xFF, 0xFB, 0x90, 0x64, .. new byte[500]]);
        Refused(cli, 1, "bad.mp3: ", "import", "bad.mp3", "x.opus");
        Refused(cli, 2, "OUT.opus is missing", "import", "notes.m4a");
        Refused(cli, 2, "--max-length", "import", "notes.m4a", "x.opus", "--max-length", "0");
        Refused(cli, 2, "--json", "import", "notes.m4a", "-", "--json");
        Assert.Equal(["bad.mp3", "notes.m4a"], cli.Files);
    }

    [Fact]
    public void Bars_are_drawn_of_any_format_from_files_and_pipes()
    {
        using var cli = new Cli();
        var speech = cli.Speech();
        var expected = cli.Do("waveform", speech).Text;
        foreach (var (name, codec) in new[] { ("a.flac", "flac"), ("a.m4a", "alac"), ("a.aiff", "pcm_s16be") })
        {
            cli.Tool("ffmpeg", "-v", "error", "-i", speech, "-c:a", codec, name);
            Assert.Equal(expected, cli.Do("waveform", name).Text);
        }

        foreach (var name in new[] { "a.flac", "a.m4a" })
            Assert.Equal(expected, cli.RunWith(File.ReadAllBytes(cli[name]), "waveform", "-").Text);

        cli.Tool("ffmpeg", "-v", "error", "-f", "lavfi", "-t", "1", "-i", "testsrc=s=64x64", "silent.mp4");
        Refused(cli, 1, "silent.mp4: There is no sound in the file.", "waveform", "silent.mp4");
        Refused(cli, 1, "silent.mp4: There is no sound in the file.", "import", "silent.mp4", "x.opus");
    }

    [Fact]
    public void A_name_may_begin_with_a_dash_and_a_missing_program_is_named()
    {
        using var cli = new Cli();
        cli.Tool("ffmpeg", "-v", "error", "-i", cli.Speech(), "-c:a", "aac", "file:-memo.m4a");
        cli.Do("import", "--", "-memo.m4a", "./-out.opus");
        Assert.Equal(0, cli.Run("check", "--", "-out.opus").ExitCode);
        var import = $"{string.Join(' ', Cli.Arguments)} import ./-memo.m4a x.opus";
        var result = cli.Tool(
            "sh", "-c", $"program=$(command -v '{Cli.Program}'); PATH=/nowhere; \"$program\" {import} || echo $?");
        Assert.Equal("1", result.Text.Trim());
        Assert.StartsWith("voicekit: ./-memo.m4a: The program 'ffmpeg' is not installed", result.Error);
        Refused(
            cli,
            2,
            "'nonsense' not recognized. Must be one of: 'whatsapp' 'whatsapp-grouped' 'telegram'",
            "import",
            "a.wav",
            "x.opus",
            "--profile",
            "nonsense");
    }

    private static void Refused(Cli cli, int exitCode, string message, params string[] arguments)
    {
        var result = cli.Run(arguments);
        Assert.Equal((exitCode, ""), (result.ExitCode, result.Text));
        Assert.Contains(message, result.Error);
    }
}
