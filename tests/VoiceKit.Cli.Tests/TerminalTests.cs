using System.Diagnostics;
using VoiceKit.PulseAudio.Tests;

namespace VoiceKit.Cli.Tests;

/// <summary>The program as a person uses it: in a terminal, with keys.</summary>
public sealed class TerminalTests : IDisposable
{
    private readonly Sound _sound = new();

    public TerminalTests() => Tmux("-f", "/dev/null", "new-session", "-d", "-x", "110", "-y", "12", "env PS1='$ ' sh");

    public void Dispose()
    {
        Tmux("kill-server");
        _sound.Dispose();
    }

    [Fact]
    public void A_recording_is_paused_heard_gone_on_with_and_sent()
    {
        using var speaking = _sound.Speak();
        Type($"record {_sound["a.opus"]}");
        See("● 0:02", "space pause", "p listen", "Enter send", "d delete", "█");
        Keys("Space");
        See("‖ 0:0", "paused", "space resume");
        var paused = Screen();
        Thread.Sleep(300);
        Assert.Equal(paused, Screen());

        using (var monitor = _sound.Card.RecordSpeakers())
        {
            Keys("p");
            See("▶ 0:0", "p stop");
            See("‖ 0:0", "p listen");
            Assert.True(monitor.Stop().Max() > 0.05, "The draft was not heard.");
        }

        Keys("Space");
        See("● 0:04");
        Keys("Enter");
        See("a.opus: 0:0", "RC=0");
        Assert.True(VoiceMessage.Open(_sound["a.opus"]).Duration > TimeSpan.FromSeconds(3.9));
        Assert.Empty(VoiceMessage.Open(_sound["a.opus"]).Info.Defects);
    }

    [Fact]
    public void A_recording_is_deleted()
    {
        Type($"record {_sound["a.opus"]}");
        See("● 0:01");
        Keys("d");
        See("Deleted.", "RC=0");
        Assert.False(File.Exists(_sound["a.opus"]));
        Assert.Equal("There are no drafts.", _sound.Do("drafts").Trim());
    }

    [Fact]
    public void What_is_too_short_is_told_and_not_sent()
    {
        // A key might come later than a second after the beginning.
        Type($"record {_sound["a.opus"]} --seconds 0.5");
        See("shorter than a second", "RC=1");
        Assert.False(File.Exists(_sound["a.opus"]));
    }

    [Fact]
    public void An_interrupted_recording_stays_as_a_draft()
    {
        Type($"record {_sound["a.opus"]}");
        See("● 0:01");
        Keys("C-c");
        See("kept", "RC=130");
        Assert.EndsWith("1 recording recovered.\n", _sound.Do("drafts", "recover", _sound["recovered"]));
    }

    [Fact]
    public void When_the_sound_server_ends_what_was_recorded_can_still_be_sent()
    {
        Type($"record {_sound["a.opus"]}");
        See("● 0:01");
        _sound.Card.KillServer();
        See("‖ 0:0", "Connection terminated");
        Keys("Space");
        See("‖ 0:0");
        Keys("Enter");
        See("a.opus: 0:0", "RC=0");
    }

    [Fact]
    public void A_message_is_played_paused_sped_up_and_sought_in()
    {
        var message = _sound.Message();
        Type($"play {message}");
        See("▶ 0:01", "space pause", "← → seek", "s speed", "1×");
        Keys("Space");
        See("‖ 0:01", "space play");
        Keys("s");
        See("1.5×");
        Keys("s");
        See("2×");
        Keys("Left");
        See("‖ 0:00");
        Keys("Space");
        See("RC=0");
    }

    [Fact]
    public void Of_several_messages_the_place_is_told_and_keys_go_from_one_to_the_next()
    {
        _sound.Card.Run("sox", "-n", "-r", "16000", _sound["long.wav"], "synth", "120", "sine", "440");
        _sound.Do("encode", _sound["long.wav"], _sound["long.opus"]);
        var message = _sound["long.opus"];
        Type($"play {message} {message} {message}");
        See("1/3 ▶", "n next", "b back");
        Keys("n");
        See("2/3 ▶");
        Keys("n");
        See("3/3 ▶");
        Keys("Space");
        See("3/3 ‖");
        Keys("Home");
        See("3/3 ‖ 0:00");
        Keys("b");
        See("2/3 ");
        Keys("q");
        See("RC=0");
    }

    [Theory]
    [InlineData("q")]
    [InlineData("Escape")]
    public void Q_and_Escape_end_a_player_and_a_recorder_alike(string key)
    {
        _sound.Card.Run("sox", "-n", "-r", "16000", _sound["long.wav"], "synth", "120", "sine", "440");
        _sound.Do("encode", _sound["long.wav"], _sound["long.opus"]);
        Type($"play {_sound["long.opus"]}");
        See("▶ ", "space pause");
        Keys(key);
        See("RC=0");
        Type($"record {_sound["a.opus"]}");
        See("● 0:", "space pause");
        Keys(key);
        See("kept", "RC=130");
        Assert.False(File.Exists(_sound["a.opus"]));
    }

    private void Type(string arguments) =>
        Keys($"clear; {Cli.Words} {arguments}; echo RC=$?", "Enter");

    private void Keys(params string[] keys) => Tmux(["send-keys", .. keys]);

    private string Screen() => Tmux("capture-pane", "-p");

    // All of these at one moment.
    private void See(params string[] parts)
    {
        var screen = "";
        for (var waiting = Stopwatch.StartNew(); waiting.Elapsed < TimeSpan.FromMinutes(1); Thread.Sleep(30))
        {
            screen = Screen();
            if (parts.All(screen.Contains))
                return;
        }

        Assert.Fail($"{string.Join(", ", parts)} is not on the screen:\n{screen}");
    }

    private string Tmux(params string[] arguments) => _sound.Card.Run("tmux", ["-u", "-S", _sound["tmux"], .. arguments]);
}
