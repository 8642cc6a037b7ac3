using VoiceKit.Cli.Terminal;

namespace VoiceKit.Cli.Tests.Terminal;

public class PlayRowTests
{
    private static readonly TerminalStyle Color = new(HasColor: true);
    private static readonly TerminalStyle NoColor = new(HasColor: false);
    private static readonly float[] Bars = [.. Enumerable.Range(0, 64).Select(i => i % 8 / 8f)];

    [Fact]
    public void A_common_terminal_shows_everything() => Assert.Equal(
        "▶ 0:03 ▁▂▃▄▅│▆▇█▁▂▃▄▅▆▇█▁▂▃ 0:12 1.5×  space pause  ← → seek  s speed  q quit",
        Render(77, 0.3, bars: Bars[..19]));

    [Fact]
    public void The_narrowest_shows_times_and_bars() =>
        Assert.Equal("▶ 0:03 ▇▇│▇▇▇▇▇ 0:12", Render(20, 0.3, bars: [0.8f]));

    [Fact]
    public void Any_width_from_20_on_is_filled_and_narrower_ones_are_kept_to()
    {
        foreach (var seconds in new[] { 0, 59, 600, 3600, 35_999 })
        {
            for (var width = 1; width <= 250; width++)
            {
                var (time, position) = (TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(seconds / 3));
                var row = PlayRow.Render(width, true, position, time, 1 / 3.0, 1, Bars, NoColor);
                Assert.True(row.Length <= width, $"{width}: {row}");
                var colored = RowText.Plain(PlayRow.Render(width, true, position, time, 1 / 3.0, 1, Bars, Color));
                Assert.Equal(row.Length, colored.Length);
                if (width < 20)
                    continue;
                Assert.Equal(width, row.Length);
                Assert.Contains($" {Printable.Time(position)} ", row);
                Assert.Contains($" {Printable.Time(time)}", row);
                Assert.Equal(RowText.CountBars(row) + 1, RowText.CountBars(colored));
            }
        }
    }

    [Theory]
    [InlineData(0.0, 0)]
    [InlineData(0.01, 0)]
    [InlineData(0.25, 25)]
    [InlineData(0.5, 50)]
    [InlineData(0.999, 99)]
    [InlineData(1.0, 100)]
    [InlineData(7.0, 100)]
    [InlineData(-1.0, 0)]
    [InlineData(double.NaN, 0)]
    public void The_played_part_is_lit_in_proportion(double played, int percent)
    {
        for (var width = 20; width <= 200; width++)
        {
            var row = PlayRow.Render(width, false, default, TimeSpan.FromSeconds(12), played, 1.5, Bars, Color);
            var bars = RowText.CountBars(RowText.Plain(row));
            var lit = RowText.CountBars(RowText.In(row, TerminalStyle.Cyan));
            Assert.InRange(lit - bars * percent / 100.0, -1, 1);
            Assert.Equal(bars - lit, RowText.CountBars(RowText.In(row, TerminalStyle.Dim)));
            if (played is not (> 0 and < 1))
                Assert.Equal(bars * percent / 100, lit);
        }
    }

    [Theory]
    [InlineData(0.0, 0)]
    [InlineData(0.5, 3)]
    [InlineData(1.0, 7)]
    [InlineData(double.NaN, 0)]
    public void Without_colors_a_line_stands_where_the_played_part_ends(double played, int place)
    {
        var row = Render(20, played, bars: [1f]);
        Assert.Equal(new string('█', 7).Insert(place, "│"), row[7..15]);
        Assert.DoesNotContain('\u001b', row);
    }

    [Fact]
    public void Bars_that_share_a_column_show_their_highest_and_few_bars_spread()
    {
        var many = new float[1000];
        (many[0], many[499], many[500], many[999]) = (1, 0.5f, 0.25f, 0.75f);
        Assert.Equal("█▁▁▁▅▃▁▁▁▇", BarText.All(many, 10));
        Assert.Equal("▅▅▅▅██▁▁", BarText.All([0.5f, 0.5f, 1f, 0f], 8));
        Assert.Equal("▁▁▁", BarText.All([], 3));
        Assert.Equal("▁▁█", BarText.All([float.NaN, -5, 9], 3));
        Assert.Equal("", BarText.All([1f], 0));
    }

    [Fact]
    public void Every_bar_is_seen_whatever_the_width()
    {
        for (var width = 1; width < 70; width++)
        {
            for (var i = 0; i < Bars.Length; i++)
            {
                var single = new float[Bars.Length];
                single[i] = 1;
                Assert.Contains('█', BarText.All(single, width));
            }
        }
    }

    [Theory]
    [InlineData(1, " 1×")]
    [InlineData(1.5, " 1.5×")]
    [InlineData(0.75, " 0.75×")]
    [InlineData(2, " 2×")]
    public void The_speed_is_told(double speed, string text) =>
        Assert.Contains(text + "  ", PlayRow.Render(80, false, default, TimeSpan.FromSeconds(12), 0, speed, Bars, NoColor));

    [Fact]
    public void The_position_keeps_its_place_as_it_gets_longer()
    {
        var bars = Row(9).IndexOf('│');
        Assert.Equal(bars, Row(10).IndexOf('│'));
        Assert.StartsWith("▶  9:00 ", Row(9));

        static string Row(int minutes) =>
            PlayRow.Render(60, false, TimeSpan.FromMinutes(minutes), TimeSpan.FromMinutes(11), 0, 1, Bars, NoColor);
    }

    [Fact]
    public void What_stands_still_says_so()
    {
        Assert.StartsWith("‖ 0:03 ", Render(80, 0.3, isPaused: true));
        Assert.Contains("  space play", Render(80, 0.3, isPaused: true));
        Assert.Contains("  space pause", Render(80, 0.3));
    }

    private static string Render(int width, double played, bool isPaused = false, float[]? bars = null) => PlayRow.Render(
        width, isPaused, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(12), played, 1.5, bars ?? Bars, NoColor);
}
