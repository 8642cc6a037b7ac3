using System.Diagnostics;
using System.Runtime.InteropServices;
using VoiceKit.Cli.Terminal;
using VoiceKit.Tests.Support;

namespace VoiceKit.Cli.Tests.Terminal;

public class TerminalScreenTests
{
    private const int HangUpSignal = 1;

    [Fact]
    public void A_row_is_drawn_in_the_place_of_the_last_one()
    {
        using var terminal = new TinyTerminal(30);
        terminal.Write("$ voicekit record\n");
        using (var screen = new TerminalScreen(terminal, () => terminal.Columns))
        {
            Assert.False(terminal.HasCursor);
            screen.Draw("a long row");
            Assert.Equal(["$ voicekit record", "a long row"], terminal.Lines);
            screen.Draw("\u001b[31mshort\u001b[0m");
            Assert.Equal(["$ voicekit record", "short"], terminal.Lines);
            Assert.False(terminal.HasCursor);
        }

        Assert.True(terminal.HasCursor);
        terminal.Write("done\n");
        Assert.Equal(["$ voicekit record", "done", ""], terminal.Lines);
    }

    [Fact]
    public void Lines_stay_above_the_row()
    {
        using var terminal = new TinyTerminal(30);
        var screen = new TerminalScreen(terminal, () => terminal.Columns);
        screen.Draw("row");
        screen.WriteLine("the first line is longer");
        screen.WriteLine("");
        Assert.Equal(["the first line is longer", "", "row"], terminal.Lines);
        screen.Draw("row 2");
        Assert.Equal(["the first line is longer", "", "row 2"], terminal.Lines);
        screen.Dispose();
        screen.WriteLine("last");
        Assert.Equal(["the first line is longer", "", "last", ""], terminal.Lines);
    }

    [Fact]
    public void A_terminal_that_changes_its_width_keeps_one_row()
    {
        using var terminal = new TinyTerminal(60);
        terminal.Write("$ voicekit play\n");
        using var screen = new TerminalScreen(terminal, () => terminal.Columns);
        foreach (var columns in new[] { 60, 59, 25, 80, 7, 200, 199, 20, 60 })
        {
            terminal.Resize(columns);
            Assert.Equal(columns - 1, screen.Width);
            var row = new string('█', screen.Width);
            screen.Draw(row);
            Assert.Equal(row, terminal.Lines[^1]);
            Assert.Single(terminal.Lines, line => line.Contains('█'));
            terminal.Resize(columns);
        }
    }

    [Fact]
    public void The_same_row_is_not_drawn_again()
    {
        using var terminal = new StringWriter();
        using var screen = new TerminalScreen(terminal, () => 40);
        screen.Draw("row");
        var length = terminal.ToString().Length;
        screen.Draw("row");
        Assert.Equal(length, terminal.ToString().Length);
    }

    [Fact]
    public void An_unknown_width_is_80()
    {
        using var screen = new TerminalScreen(new StringWriter(), () => 0);
        Assert.Equal(79, screen.Width);
    }

    [Fact]
    public void An_exception_gives_the_cursor_back()
    {
        using var terminal = new TinyTerminal(30);
        Assert.Throws<InvalidTimeZoneException>((Action)Fail);
        Assert.True(terminal.HasCursor);
        Assert.Equal([""], terminal.Lines);

        void Fail()
        {
            using var screen = new TerminalScreen(terminal, () => terminal.Columns);
            screen.Draw("row");
            throw new InvalidTimeZoneException();
        }
    }

    [Fact]
    public void Nothing_is_drawn_after_the_end_and_the_end_comes_once()
    {
        using var terminal = new StringWriter();
        var screen = new TerminalScreen(terminal, () => 40);
        screen.Draw("row");
        screen.Dispose();
        var all = terminal.ToString();
        screen.Draw("another");
        screen.Dispose();
        Assert.Equal(all, terminal.ToString());
    }

    [Fact]
    public void A_terminal_that_is_gone_does_not_stop_the_work()
    {
        using var gone = new GoneTerminal();
        using var screen = new TerminalScreen(gone, () => 40);
        screen.Draw("row");
        screen.WriteLine("line");
    }

    // Not SIGINT and SIGQUIT, on which the runner of the tests ends itself; TerminalTests presses Ctrl-C.
    [Theory]
    [InlineData(PosixSignal.SIGTERM, "TERM")]
    [InlineData(PosixSignal.SIGHUP, "HUP")]
    public void A_signal_gives_the_cursor_back(PosixSignal signal, string name)
    {
        Requires.Program("kill");
        if (signal == PosixSignal.SIGHUP && OtherProgram.IsIgnored(HangUpSignal))
            Assert.Skip("This needs a process that does not ignore SIGHUP, as one under nohup does.");
        using var terminal = new TinyTerminal(30);

        // The program would be ended by it, and with it the test.
        using var keepsAlive = PosixSignalRegistration.Create(signal, context => context.Cancel = true);
        using var screen = new TerminalScreen(terminal, () => terminal.Columns);
        screen.Draw("row");
        Kill("-" + name);
        Assert.True(SpinWait.SpinUntil(() => terminal.HasCursor, TimeSpan.FromSeconds(30)));
        Assert.Equal([""], terminal.Lines);
    }

    [Fact]
    public void A_program_that_was_stopped_takes_the_cursor_and_draws_anew()
    {
        using var terminal = new TinyTerminal(30);
        using var screen = new TerminalScreen(terminal, () => terminal.Columns);
        screen.Draw("row");
        terminal.Write($"\u001b[?25h[1]+  Stopped\n");
        Kill("-CONT");
        Assert.True(SpinWait.SpinUntil(() => !terminal.HasCursor, TimeSpan.FromSeconds(30)));
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                screen.Draw("row");
                return terminal.Lines[^1] == "row";
            },
            TimeSpan.FromSeconds(30)));
    }

    private static void Kill(string signal) =>
        Assert.Equal(0, OtherProgram.Run(new ProcessStartInfo("kill", [signal, Environment.ProcessId.ToString()])).ExitCode);

    private sealed class GoneTerminal : StringWriter
    {
        public override void Write(string? value) => throw new IOException();
    }
}
