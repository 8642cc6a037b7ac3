using VoiceKit.Cli.Batch;

namespace VoiceKit.Cli.Tests.Terminal;

/// <summary>The bars of many files.</summary>
public class BatchScreenTests
{
    private static readonly BatchFile[] Files = [new("in/a.wav", "out/a.opus", 3000), new("in/b.wav", "out/b.opus", 1000)];

    [Fact]
    public void There_is_a_bar_for_each_file_and_one_for_all()
    {
        using var terminal = new TinyTerminal(61);
        terminal.Write("$ voicekit encode\n");
        using var screen = new BatchScreen(Files, terminal, terminal, () => (terminal.Columns, 10));
        var first = screen.Begin(Files[0]);
        first.Total = TimeSpan.FromSeconds(10);
        first.Report(TimeSpan.FromSeconds(5));
        var second = screen.Begin(Files[1]);
        Assert.Equal(
            [
                "$ voicekit encode",
                "a.wav" + new string(' ', 28) + new string('█', 10) + new string('░', 10) + "   50 %",
                "b.wav" + new string(' ', 28) + new string('░', 20) + "   0:00",
                "0 of 2 files" + new string(' ', 21) + new string('█', 7) + new string('░', 13) + "   38 %",
            ],
            terminal.Lines);

        screen.End(second, "in/b.wav -> out/b.opus");
        Assert.Equal(
            ["$ voicekit encode", "in/b.wav -> out/b.opus", "a.wav", "1 of 2 files"],
            terminal.Lines.Select(line => line.Split("  ")[0]));
        screen.End(first, "in/a.wav -> out/a.opus");
        Assert.Equal(["$ voicekit encode", "in/b.wav -> out/b.opus", "in/a.wav -> out/a.opus", ""], terminal.Lines);
    }

    [Fact]
    public void A_low_or_narrow_terminal_shows_what_it_has_room_for()
    {
        using var terminal = new TinyTerminal(20);
        using var screen = new BatchScreen(Files, terminal, terminal, () => (terminal.Columns, 3));
        _ = screen.Begin(Files[0]);
        _ = screen.Begin(Files[1]);
        Assert.Equal(2, terminal.Lines.Length);
        Assert.All(terminal.Lines, line => Assert.True(line.Length < terminal.Columns, line));
    }

    [Fact]
    public void Off_a_terminal_there_are_lines_alone()
    {
        using var lines = new StringWriter();
        using (var screen = new BatchScreen(Files, lines, null, () => (0, 0)))
        {
            var work = screen.Begin(Files[0]);
            work.Total = TimeSpan.FromSeconds(1);
            work.Report(TimeSpan.FromSeconds(1));
            screen.End(work, "in/a.wav -> out/a.opus");
            screen.End(screen.Begin(Files[1]), null);
        }

        Assert.Equal($"in/a.wav -> out/a.opus{Environment.NewLine}", lines.ToString());
    }
}
