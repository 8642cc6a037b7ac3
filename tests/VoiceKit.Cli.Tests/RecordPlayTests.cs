using System.Text.Json;
using VoiceKit.PulseAudio.Tests;
using VoiceKit.Tests.Faults;

namespace VoiceKit.Cli.Tests;

public sealed class RecordPlayTests : IDisposable
{
    private readonly Sound _sound = new();

    public void Dispose() => _sound.Dispose();

    [Fact]
    public void Devices_are_listed_with_their_defaults()
    {
        var text = _sound.Do("devices");
        Assert.Contains("* mic ", text);
        Assert.Contains("TestSpeakers", text);

        var json = JsonDocument.Parse(_sound.Do("devices", "--json")).RootElement;
        var input = Assert.Single(json.GetProperty("inputs").EnumerateArray());
        Assert.Equal("mic", input.GetProperty("id").GetString());
        Assert.True(input.GetProperty("default").GetBoolean());
        Assert.Equal(48_000, input.GetProperty("sample_rate").GetInt32());
        var outputs = json.GetProperty("outputs").EnumerateArray().Select(device => device.GetProperty("id").GetString());
        Assert.Equal(["micfeed", "speakers"], outputs.Order());
        var loopback = json.GetProperty("loopbacks").EnumerateArray().Single(
            device => device.GetProperty("default").GetBoolean());
        Assert.Equal("speakers.monitor", loopback.GetProperty("id").GetString());
    }

    [Fact]
    public void So_many_seconds_are_recorded_to_the_sample()
    {
        using (_sound.Speak())
            Assert.Contains("0:02", _sound.Do("record", _sound["a.opus"], "--seconds", "2.5", "--device", "mic"));
        var info = Info("a.opus");
        Assert.Equal(120_000, info.GetProperty("samples").GetInt64());
        Assert.Equal(0, info.GetProperty("defect_count").GetInt32());
        Assert.True(PeakOf("a.opus") > -30);
        Assert.Equal("There are no drafts.", _sound.Do("drafts").Trim());
    }

    [Fact]
    public void What_the_computer_plays_is_recorded_and_size_is_limited()
    {
        using var playing = _sound.PlaySpeech();
        _sound.Do("record", _sound["a.opus"], "--loopback", "--max-size", "6000", "--seconds", "60");
        Assert.InRange(new FileInfo(_sound["a.opus"]).Length, 3000, 6000);
        Assert.True(PeakOf("a.opus") > -30);
    }

    [Fact]
    public void A_signal_ends_the_recording_and_nothing_is_missing()
    {
        using var speaking = _sound.Speak();
        var process = _sound.Start("record", _sound["a.opus"]);
        _sound.WaitForDraft(4000);
        _sound.Card.Run("kill", "-INT", $"{process.Id}");
        var (exitCode, _, error) = Sound.End(process);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.True(Info("a.opus").GetProperty("duration_seconds").GetDouble() > 1);
        Assert.Equal(0, Info("a.opus").GetProperty("defect_count").GetInt32());
    }

    [Fact]
    public void A_recording_that_a_signal_ends_is_finished_on_a_slow_disk_too()
    {
        var library = FaultLibrary.Compile(_sound.Card.Folder);
        string[] environment = [$"LD_PRELOAD={library}", $"FAULTS=fsync 0 0 {_sound.Card.Folder}"];
        var process = _sound.Card.Start("env", [.. environment, Cli.Program, .. Cli.Arguments, "record", _sound["a.opus"]]);
        _sound.WaitForDraft(4000);
        _sound.Card.Run("kill", "-INT", $"{process.Id}");
        var (exitCode, _, error) = Sound.End(process);
        Assert.Matches("^faults: [1-9]", error);
        Assert.Equal(0, exitCode);
        Assert.True(Info("a.opus").GetProperty("duration_seconds").GetDouble() > 1);
    }

    [Fact]
    public void A_program_that_is_killed_leaves_a_draft_to_recover()
    {
        using var speaking = _sound.Speak();
        var process = _sound.Start("record", _sound["a.opus"]);
        _sound.WaitForDraft(4000);
        Assert.Contains("being recorded", _sound.Do("drafts"));
        process.Kill();
        process.WaitForEnd();
        process.Dispose();

        Assert.False(File.Exists(_sound["a.opus"]));
        Assert.Contains("draft-", _sound.Do("drafts"));
        Assert.EndsWith("1 recording recovered.\n", _sound.Do("drafts", "recover", _sound["recovered"]));
        var file = Path.GetFileName(Assert.Single(Directory.GetFiles(_sound["recovered"])));
        Assert.Equal(0, Info("recovered/" + file).GetProperty("defect_count").GetInt32());
        Assert.True(PeakOf("recovered/" + file) > -30);
        Assert.Equal("There are no drafts.", _sound.Do("drafts").Trim());
    }

    [Fact]
    public void A_sound_server_that_ends_is_told_and_the_recording_kept()
    {
        var process = _sound.Start("record", _sound["a.opus"]);
        _sound.WaitForDraft(1500);
        _sound.Card.KillServer();
        var (exitCode, _, error) = Sound.End(process);
        Assert.Equal(1, exitCode);
        Assert.Contains("kept", error);
        Assert.EndsWith("1 recording recovered.\n", _sound.Do("drafts", "recover", _sound["recovered"]));

        (exitCode, _, error) = _sound.Run("record", _sound["b.opus"], "--seconds", "1");
        Assert.Equal(1, exitCode);
        Assert.Contains("sound server", error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Messages_are_played_one_after_the_other_and_a_broken_one_is_named()
    {
        var message = _sound.Message();
        File.WriteAllText(_sound["broken.opus"], "This is no message.");
        _sound.Do("remux", message, _sound["second.webm"]);
        using var monitor = _sound.Card.RecordSpeakers(channels: 1);
        var (exitCode, _, error) = _sound.Run("play", message, _sound["broken.opus"], _sound["second.webm"], "--speed", "1.5");
        var heard = monitor.Stop();
        Assert.Equal(1, exitCode);
        Assert.Contains("broken.opus", Assert.Single(error.Trim().Split('\n')));

        // Twice the message at 1.5 times the speed, with a gap: silence at the ends of the speech is not heard.
        var loud = Array.FindIndex(heard, sample => Math.Abs(sample) > 0.02);
        var seconds = (Array.FindLastIndex(heard, sample => Math.Abs(sample) > 0.02) - loud) / 48_000.0;
        var expected = 2 * Info("speech.opus").GetProperty("duration_seconds").GetDouble() / 1.5;
        Assert.InRange(seconds, expected - 0.5, expected + 2);
    }

    [Fact]
    public void A_recording_that_exists_is_replaced_only_with_force()
    {
        File.WriteAllText(_sound["mine.opus"], "mine");
        var (exitCode, _, error) = _sound.Run("record", _sound["mine.opus"], "--seconds", "0.2");
        Assert.Equal(1, exitCode);
        Assert.Contains("mine.opus exists; --force replaces it", error, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(_sound["mine.opus"]));
        _sound.Do("record", _sound["mine.opus"], "--seconds", "0.2", "--force");
        Assert.Equal(0.2, Info("mine.opus").GetProperty("duration_seconds").GetDouble(), 3);
    }

    [Fact]
    public void A_recording_that_is_no_message_is_answered_with_import()
    {
        File.WriteAllBytes(_sound["song.mp3"], [0xFF, 0xFB, 0x90, 0x64, .. new byte[2000]]);
        var (exitCode, _, error) = _sound.Run("play", _sound["song.mp3"]);
        Assert.Equal(1, exitCode);
        Assert.Contains("song.mp3", error, StringComparison.Ordinal);
        Assert.Contains("'voicekit import'", error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_used_is_told_in_one_line()
    {
        Check(1, "no-such-device", "record", _sound["a.opus"], "--device", "no-such-device", "--seconds", "1");
        Check(1, "no-such-device", "play", _sound.Message(), "--device", "no-such-device");
        Check(1, "no such folder", "record", _sound["no/a.opus"], "--seconds", "1");
        Check(1, "no such file", "play", _sound["none.opus"]);
        Check(2, "--speed", "play", "a.opus", "--speed", "4");
        Check(2, "--max-size", "record", "a.opus", "--max-size", "100");
        Check(2, "--seconds", "record", "a.opus", "--seconds", "0");
        Assert.Equal("There are no drafts.", _sound.Do("drafts").Trim());

        void Check(int code, string part, params string[] arguments)
        {
            var (exitCode, _, error) = _sound.Run(arguments);
            Assert.Equal(code, exitCode);
            Assert.Contains(part, error);
            Assert.True(error.Trim().Split('\n').Length <= code, error);
        }
    }

    private JsonElement Info(string name) => JsonDocument.Parse(_sound.Do("info", _sound[name], "--json")).RootElement;

    private double PeakOf(string name)
    {
        var json = JsonDocument.Parse(_sound.Do("waveform", _sound[name], "--format", "json")).RootElement;
        return 20 * Math.Log10(json.GetProperty("peak").GetDouble());
    }
}
