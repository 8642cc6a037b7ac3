using VoiceKit.Cli.Terminal;

namespace VoiceKit.Cli.Tests.Terminal;

public class RecordRowTests
{
    private static readonly TerminalStyle Color = new(HasColor: true);
    private static readonly TerminalStyle NoColor = new(HasColor: false);
    private static readonly float[] Bars = [.. Enumerable.Range(0, 300).Select(i => i % 8 / 8f)];

    [Fact]
    public void A_common_terminal_shows_everything()
    {
        var row = RecordRow.Render(79, RecordRowState.Recording, TimeSpan.FromSeconds(7), -30, Bars, NoColor);
        Assert.Equal("● 0:07 ▅▆▇█▁▂▃▄▅▆▇█▁▂▃▄ [████    ]  space pause  p listen  Enter send  d delete", row);
    }

    [Fact]
    public void The_narrowest_shows_time_and_bars() => Assert.Equal(
        "● 0:07 ▁▁▁▁▁▁▁▁▁▁▂▃█",
        RecordRow.Render(
            20, RecordRowState.Recording, TimeSpan.FromSeconds(7), -30, [.. new float[50], 0.125f, 0.374f, 1f], NoColor));

    [Fact]
    public void Any_width_from_20_on_is_filled_and_narrower_ones_are_kept_to()
    {
        foreach (var state in Enum.GetValues<RecordRowState>())
        {
            foreach (var elapsed in new[] { 0, 59, 600, 3600, 360_000 })
            {
                for (var width = 1; width <= 250; width++)
                {
                    var time = TimeSpan.FromSeconds(elapsed);
                    var row = RecordRow.Render(width, state, time, -6, Bars, NoColor);
                    Assert.True(row.Length <= width, $"{width}: {row}");
                    if (width < 20)
                        continue;
                    Assert.Equal(width, row.Length);
                    Assert.Contains($" {Printable.Time(time)} ", row);
                    Assert.InRange(RowText.CountBars(row), 8, width);
                    Assert.Equal(row, RowText.Plain(RecordRow.Render(width, state, time, -6, Bars, Color)));
                }
            }
        }
    }

    [Fact]
    public void A_hint_is_there_whole_or_not_at_all()
    {
        string[] hints = ["space pause", "p listen", "Enter send", "d delete"];
        for (var width = 20; width <= 250; width++)
        {
            var row = RecordRow.Render(width, RecordRowState.Recording, TimeSpan.Zero, -6, Bars, NoColor);
            var rest = hints.Aggregate(row, (text, hint) => text.Replace("  " + hint, ""));
            Assert.DoesNotMatch("[a-z]", rest.Replace("dB", ""));
        }

        Assert.Contains("Enter send", RecordRow.Render(40, RecordRowState.Recording, TimeSpan.Zero, -6, Bars, NoColor));
    }

    [Fact]
    public void The_newest_bar_is_at_the_right_and_the_first_ones_come_in_from_there()
    {
        var row = RecordRow.Render(20, RecordRowState.Recording, TimeSpan.Zero, -30, [0.5f, 1f], NoColor);
        Assert.Equal("● 0:00            ▅█", row);
        Assert.Equal(20, RecordRow.Render(20, RecordRowState.Recording, TimeSpan.Zero, -30, [], NoColor).Length);
    }

    [Fact]
    public void Heights_beyond_the_range_are_the_lowest_and_the_highest() => Assert.EndsWith(
        " ▁▁▁██",
        RecordRow.Render(20, RecordRowState.Recording, default, 0, [-1f, float.NaN, 0f, 2f, float.PositiveInfinity], NoColor));

    [Theory]
    [InlineData(RecordRowState.Recording, "●", "[", "space pause", "p listen")]
    [InlineData(RecordRowState.Locked, "●", "locked", "space pause", "p listen")]
    [InlineData(RecordRowState.Paused, "‖", "paused", "space resume", "p listen")]
    [InlineData(RecordRowState.Listening, "▶", "listening", "space resume", "p stop")]
    internal void The_state_is_told_in_words(RecordRowState state, string symbol, string word, string space, string listen)
    {
        var row = RecordRow.Render(120, state, TimeSpan.Zero, -6, Bars, NoColor);
        Assert.StartsWith(symbol + " ", row);
        Assert.Contains(word, row);
        Assert.Contains("  " + space, row);
        Assert.Contains("  " + listen, row);
    }

    [Fact]
    public void Colors_say_what_goes_on_and_how_loud_it_is()
    {
        Assert.Equal("●", RowText.In(Render(RecordRowState.Recording, -30), TerminalStyle.Red));
        Assert.Equal("‖ paused", RowText.In(Render(RecordRowState.Paused, -30), TerminalStyle.Yellow).TrimEnd());
        Assert.StartsWith(" [████    ]", RowText.In(Render(RecordRowState.Recording, -30), TerminalStyle.Green));
        Assert.StartsWith(" [██████▍ ]", RowText.In(Render(RecordRowState.Recording, -12), TerminalStyle.Yellow));
        Assert.StartsWith("● [███████▋]", RowText.In(Render(RecordRowState.Recording, -3), TerminalStyle.Red));

        static string Render(RecordRowState state, float decibels) =>
            RecordRow.Render(79, state, TimeSpan.Zero, decibels, Bars, Color);
    }

    [Theory]
    [InlineData(float.NegativeInfinity, "[        ]", "-60 dB")]
    [InlineData(float.NaN, "[        ]", "-60 dB")]
    [InlineData(-60f, "[        ]", "-60 dB")]
    [InlineData(-45f, "[██      ]", "-45 dB")]
    [InlineData(-7.5f, "[███████ ]", " -8 dB")]
    [InlineData(0f, "[████████]", "  0 dB")]
    [InlineData(6f, "[████████]", "  0 dB")]
    public void The_meter_goes_from_60_dB_down_to_full_scale(float decibels, string meter, string figure)
    {
        Assert.Equal(meter, LevelText.Meter(decibels));
        Assert.Equal(figure, LevelText.Figure(decibels));
        Assert.Contains(
            $" {meter} {figure} ", RecordRow.Render(120, RecordRowState.Recording, TimeSpan.Zero, decibels, Bars, NoColor));
    }

    [Fact]
    public void Every_level_gives_a_meter_of_the_same_width_and_never_a_lower_one_than_a_lower_level()
    {
        var before = "";
        for (var decibels = -70f; decibels < 5; decibels += 0.05f)
        {
            var meter = LevelText.Meter(decibels);
            Assert.Equal(LevelText.Width, meter.Length);
            Assert.Equal(6, LevelText.Figure(decibels).Length);
            var length = Eighths(meter);
            Assert.True(length >= Eighths(before), $"{meter} after {before}");
            before = meter;
        }

        Assert.Equal(64, Eighths(before));

        static int Eighths(string meter) => meter.Sum(c => " ▏▎▍▌▋▊▉█".IndexOf(c) is var i and > 0 ? i : 0);
    }
}
